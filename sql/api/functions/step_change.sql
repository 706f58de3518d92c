create or replace function api.step_change(
  p_change_id bigint, p_action text, p_reason text default null, p_version integer default null
) returns table (id bigint, state text, version integer, record_id integer, operator_id integer)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
declare
  made registry.change;
begin
  made := registry.step_change(p_change_id, p_action, p_reason, p_version);
  return query select made.id, made.state, made.version, made.record_id, made.operator_id;
end
$body$;
alter function api.step_change(bigint, text, text, integer) owner to dozir_writer;
comment on function api.step_change(bigint, text, text, integer) is
  'Takes a step of the workflow: see registry.step_change.';
