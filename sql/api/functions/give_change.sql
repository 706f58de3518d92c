create or replace function api.give_change(
  p_change_id bigint, p_person_id integer, p_reason text default null, p_version integer default null
) returns table (id bigint, state text, version integer, assignee text)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
declare
  made registry.change;
begin
  made := registry.give_change(p_change_id, p_person_id, p_reason, p_version);
  return query select made.id, made.state, made.version, made.assignee;
end
$body$;
alter function api.give_change(bigint, integer, text, integer) owner to dozir_writer;
comment on function api.give_change(bigint, integer, text, integer) is
  'Gives a change to a colleague: see registry.give_change.';
