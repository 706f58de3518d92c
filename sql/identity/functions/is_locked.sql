create or replace function identity.is_locked(p_person_id integer) returns boolean
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Asked with each request: in PL/pgSQL, which keeps the plan, as planning takes longer than the answer.
begin
  return exists (
    select from identity.lock as l
    join identity.person as p on p.id = p_person_id
    left join identity.person as o on o.id = l.person_id
    where l.lifted_at is null
      and (
        l.person_id = p.id or l.operator_id = p.operator_id
        or (o.tax_number = p.tax_number)
      )
  );
end
$body$;
alter function identity.is_locked(integer) owner to dozir_writer;
comment on function identity.is_locked(integer) is
  'Whether somebody is locked: as this person, as the same human, or with the whole organisation.';
