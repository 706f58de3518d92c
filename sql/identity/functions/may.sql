create or replace function identity.may(p_permission text) returns boolean
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Whether whoever acts has a permission, read from the tables each time: of the person whom the portal
-- names in dozir.person_id, by the role held now, which must be one that acts through the database role
-- that was taken on. Where no person acts, it is a program: a system with its access key, or the command
-- line; that is bound by what any role of its database role may.
declare
  acting constant text := registry.caller_role();
  own constant integer := registry.own_person();
begin
  if own is null then
    return acting is null or exists (
      select from identity.role as r
      join identity.role_permission as rp on rp.role = r.code
      where r.database_role = acting and rp.permission = p_permission);
  end if;
  return exists (
    select from identity.person as p
    where p.id = own and p.role = acting
      and p.active_from <= transaction_timestamp() and transaction_timestamp() < p.active_until
  ) and p_permission in (select o.code from identity.permissions_of(own) as o (code));
end
$body$;
alter function identity.may(text) owner to dozir_writer;
comment on function identity.may(text) is 'Whether whoever acts has a permission now.';
