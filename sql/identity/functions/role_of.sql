create or replace function identity.role_of(p_person_id integer) returns text
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Asked with each request: in PL/pgSQL, which keeps the plan, as planning takes longer than the answer.
begin
  return coalesce(
    (
      select a.role
      from identity.appointment as a
      join identity.person as p on p.id = a.person_id
      join identity.role as r on r.code = a.role and r.database_role = p.role
      where a.person_id = p_person_id and a.state = 'in_force'
        and a.active_from <= transaction_timestamp() and transaction_timestamp() < a.active_until
    ),
    -- A representative needs no appointment: powers are registered, and end with their term.
    (
      select 'operator_representative'
      from identity.person as p
      where p.id = p_person_id and p.role = 'operator'
        and not exists (
          select from identity.appointment as a
          where a.person_id = p.id and a.state in ('in_force', 'suspended')
            and transaction_timestamp() < a.active_until)
    )
  );
end
$body$;
alter function identity.role_of(integer) owner to dozir_writer;
comment on function identity.role_of(integer) is 'The role that a person holds now; null for none.';
