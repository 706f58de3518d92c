create or replace function identity.managed_person(p_person_id integer) returns setof integer
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
  -- The person, if the caller's authority appoints such people: the tax service its own, the regulator all
  -- others. Whoever is not among them is answered as if there were nobody.
  select p.id
  from identity.person as p
  join identity.role as own on own.code = identity.role_of(registry.own_person())
  where p.id = p_person_id and own.appoints and case own.authority
    when 'tax_service' then p.role = 'tax_service'
    when 'regulator' then p.role <> 'tax_service'
    else p.role = 'operator' and p.operator_id = registry.own_operator() end;
$body$;
alter function identity.managed_person(integer) owner to dozir_writer;
comment on function identity.managed_person(integer) is
  'The person, if the caller''s authority appoints such people.';
