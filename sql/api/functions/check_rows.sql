create or replace function api.check_rows(p_change_id bigint, p_limit integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Checks the next unchecked rows of the caller's own draft of many records; how many are left. DZR01 for
-- another's, DZW01 where it is no draft any more.
declare
  made registry.change;
begin
  perform identity.check_permission('registry.propose');
  perform registry.check_power('propose');
  made := registry.lock_change(p_change_id, null);
  if made.state <> 'draft' or made.action <> 'create_many' then
    raise exception using errcode = 'DZW01', message = 'not a draft of many records',
      detail = jsonb_build_object('state', made.state, 'version', made.version)::text;
  end if;
  return registry.check_rows(made, least(greatest(p_limit, 1), 5000));
end
$body$;
alter function api.check_rows(bigint, integer) owner to dozir_writer;
comment on function api.check_rows(bigint, integer) is
  'Checks rows of a draft of many records: see registry.check_rows.';
