create or replace function api.registry_history(
  p_kind text, p_record_id integer, p_before integer default null, p_limit integer default 50
) returns table (
    version integer, recorded_from timestamptz, actor text, change_id bigint, reason text, old_state text,
    new_state text, attribute text, old_value jsonb, new_value jsonb
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- The versions of a record, newest first, with what each changed: a row for each attribute that
-- differs, in the catalogue's order, or one without an attribute where the state alone changed.
begin
  return query
  with versions as (
    select n.*, o.document as old_document, o.state as before_state
    from (
      select * from api.entry as e
      where e.kind = p_kind and e.record_id = p_record_id and (p_before is null or e.version < p_before)
      order by e.version desc limit p_limit
    ) as n
    left join api.entry as o
      on o.kind = n.kind and o.record_id = n.record_id and o.version = n.version - 1
  )
  select
    v.version, v.recorded_from, v.actor, v.change_id, v.reason, v.before_state, v.state, a.name,
    v.old_document -> a.name, v.document -> a.name
  from versions as v
  left join api.attribute as a
    on a.kind = p_kind and (v.document -> a.name) is distinct from (v.old_document -> a.name)
  order by v.version desc, a.position;
end
$body$;
comment on function api.registry_history(text, integer, integer, integer) is
  'The history of a record with its differences, newest first.';
