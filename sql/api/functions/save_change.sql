create or replace function api.save_change(
  p_change_id bigint, p_kind text, p_action text, p_record_id integer, p_operator_id integer,
  p_proposed jsonb, p_base_version integer default null, p_version integer default null
) returns table (id bigint, state text, version integer, base_version integer, proposed jsonb, errors jsonb)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
declare
  made registry.change;
begin
  -- What its rows are, and of which file, is never written over: another file is another change.
  if p_action = 'create_many' or exists (
    select from registry.change as c where c.id = p_change_id and c.action = 'create_many'
  ) then
    raise exception using errcode = 'DZR04', message = 'many records are proposed by begin_rows';
  end if;
  made := registry.save_change(
    p_change_id, p_kind, p_action, p_record_id, p_operator_id, p_proposed, p_base_version, p_version);
  return query select made.id, made.state, made.version, made.base_version, made.proposed, made.errors;
end
$body$;
alter function api.save_change(bigint, text, text, integer, integer, jsonb, integer, integer)
  owner to dozir_writer;
comment on function api.save_change(bigint, text, text, integer, integer, jsonb, integer, integer) is
  'Begins or saves a draft: see registry.save_change.';
