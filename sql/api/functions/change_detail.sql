create or replace function api.change_detail(p_change_id bigint) returns jsonb
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $body$
-- One change with everything that decides it: {change, base, present, present_version, stale, events}.
-- Null for another's and for none.
declare
  found_one api.change;
  base api.entry;
  present api.entry;
begin
  select * into found_one from api.change as c where c.id = p_change_id;
  if not found then
    return null;
  end if;
  select * into base from api.entry as e
  where e.kind = found_one.kind and e.record_id = found_one.record_id
    and e.version = found_one.base_version;
  select * into present from api.entry as e
  where e.kind = found_one.kind and e.record_id = found_one.record_id and e.recorded_until = 'infinity';
  return jsonb_build_object(
    'change', to_jsonb(found_one), 'base', base.document, 'present', present.document,
    'present_version', present.version,
    'stale', coalesce(found_one.decided_at is null and present.version <> found_one.base_version, false),
    'events', (
      select coalesce(jsonb_agg(to_jsonb(v) order by v.id), '[]')
      from api.change_event as v where v.change_id = p_change_id
    ));
end
$body$;
comment on function api.change_detail(bigint) is
  'A change with the version it was made on, the present one and its log.';
