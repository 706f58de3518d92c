create or replace function identity.is_locked(p_person_id integer) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
  select exists (
    select from identity.lock as l
    join identity.person as p on p.id = p_person_id
    left join identity.person as o on o.id = l.person_id
    where l.lifted_at is null
      and (
        l.person_id = p.id or l.operator_id = p.operator_id
        or (o.tax_number = p.tax_number)
      )
  );
$body$;
alter function identity.is_locked(integer) owner to dozir_writer;
comment on function identity.is_locked(integer) is
  'Whether somebody is locked: as this person, as the same human, or with the whole organisation.';
