create or replace function api.registry_record(
  p_kind text, p_record_id integer, p_as_of timestamptz default null
) returns table (
    record_id integer, version integer, operator_id integer, code text, title_uk text, title_en text,
    state text, state_until timestamptz, since timestamptz, until timestamptz, document jsonb,
    recorded_from timestamptz, recorded_until timestamptz, actor text, change_id bigint, reason text
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- One record, now or as the registry had it at a moment; no row for another's and for none. Private
-- attributes are added now alone, for whoever may read them.
declare
  private jsonb := '{}'::jsonb;
begin
  if p_kind = 'representative' and p_as_of is null
    and has_table_privilege(current_user, 'api.representative_private', 'select') then
    private := coalesce((
      select jsonb_strip_nulls(to_jsonb(r) - 'id' - 'operator_id')
      from api.representative_private as r where r.id = p_record_id), '{}');
  end if;
  return query
  select
    e.record_id, e.version, e.operator_id, e.code, e.title_uk::text, e.title_en::text, e.state,
    nullif(e.state_until, 'infinity'), nullif(e.since, '-infinity'), nullif(e.until, 'infinity'),
    e.document || private, e.recorded_from, nullif(e.recorded_until, 'infinity'), e.actor, e.change_id, e.reason
  from api.entry as e
  where e.kind = p_kind and e.record_id = p_record_id
    and (p_as_of is not null or e.recorded_until = 'infinity')
    and (p_as_of is null or e.recorded_from <= p_as_of and e.recorded_until > p_as_of);
end
$body$;
comment on function api.registry_record(text, integer, timestamptz) is
  'One registered record, now or as of a moment.';
