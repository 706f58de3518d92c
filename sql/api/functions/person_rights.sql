create or replace function api.person_rights(p_person_id integer)
  returns table (functional_role text, permissions text[])
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
  select h.role, array(select o.code from identity.permissions_of(p_person_id) as o (code) order by 1)
  from (select identity.role_of(p_person_id) as role) as h
  where h.role is not null;
$body$;
alter function api.person_rights(integer) owner to dozir_writer;
comment on function api.person_rights(integer) is
  'The role that a person holds now with its permissions; no row for whoever holds none.';
