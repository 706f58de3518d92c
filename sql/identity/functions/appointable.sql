create or replace function identity.appointable(p_role text, p_person_role text) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
  -- Who holds an appointing role appoints to the roles of the same authority; the regulator's, besides, an
  -- operator's people to its owner's role. p_person_role: as what the person acts in the database, null for
  -- somebody new.
  select exists (
    select from identity.role as r
    join identity.role as own on own.code = identity.role_of(registry.own_person())
    where r.code = p_role and own.appoints and case
      when p_person_role = 'operator' then r.code = 'operator_owner' and own.authority = 'regulator'
      else r.authority = own.authority and r.authority <> 'operator' end);
$body$;
alter function identity.appointable(text, text) owner to dozir_writer;
comment on function identity.appointable(text, text) is
  'Whether the caller appoints to a role, given whom.';
