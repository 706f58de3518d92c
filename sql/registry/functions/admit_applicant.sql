create or replace function registry.admit_applicant(p_person_id integer, p_operator_id integer) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
as $body$
  update identity.person as p
  set operator_id = p_operator_id, organisation_uk = o.name_uk, organisation_en = o.name_en
  from registry.operator as o
  where o.id = p_operator_id and p.id = p_person_id and p.role = 'operator' and p.operator_id is null;
  -- And is its owner here, who says which of its representatives work here.
  insert into identity.appointment (person_id, role, state, active_from)
  select p.id, 'operator_owner', 'in_force', transaction_timestamp()
  from identity.person as p
  where p.id = p_person_id and p.operator_id = p_operator_id
    and not exists (select from identity.appointment as a where a.person_id = p.id);
$body$;
alter function registry.admit_applicant(integer, integer) owner to dozir_writer;
comment on function registry.admit_applicant(integer, integer) is
  'Whoever applied for an organiser that is registered now acts for it and owns its workspace.';
