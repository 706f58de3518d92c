create or replace function api.person_rights(p_person_id integer)
  returns table (functional_role text, permissions text[])
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Asked with each request: in PL/pgSQL, which keeps the plan, as planning takes longer than the answer.
declare
  held constant text := identity.role_of(p_person_id);
begin
  return query
  select held, array(select o.code from identity.permissions_of(p_person_id) as o (code) order by 1)
  where held is not null;
end
$body$;
alter function api.person_rights(integer) owner to dozir_writer;
comment on function api.person_rights(integer) is
  'The role that a person holds now with its permissions; no row for whoever holds none.';
