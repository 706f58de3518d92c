create or replace function identity.carry_out_appointment(p_change identity.appointment_change)
  returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Does what was decided, from this transaction on: each request asks anew which role its person holds.
declare
  since constant timestamptz := greatest(coalesce(p_change.active_from, '-infinity'), transaction_timestamp());
  made integer;
begin
  if p_change.action = 'appoint' and p_change.appointment_id is not null then
    update identity.appointment as a
    set state = 'in_force', active_from = since, active_until = p_change.active_until
    where a.id = p_change.appointment_id;
  elsif p_change.action in ('appoint', 'change') then
    update identity.appointment as a
    set state = 'ended',
      active_until = least(
        a.active_until, greatest(transaction_timestamp(), a.active_from + interval '1 microsecond'))
    where a.person_id = p_change.person_id and a.state in ('in_force', 'suspended');
    insert into identity.appointment (person_id, role, state, active_from, active_until)
    values (p_change.person_id, p_change.role, 'in_force', since, p_change.active_until)
    returning id into made;
    update identity.appointment_change as c set appointment_id = made where c.id = p_change.id;
  else
    update identity.appointment as a
    set state = case p_change.action
        when 'suspend' then 'suspended' when 'resume' then 'in_force' else 'ended' end,
      active_until = case p_change.action
        when 'end' then least(
          a.active_until, greatest(transaction_timestamp(), a.active_from + interval '1 microsecond'))
        else a.active_until end
    where a.id = p_change.appointment_id;
  end if;
  update identity.person as p
  set role = r.database_role
  from identity.role as r
  where p.id = p_change.person_id and r.code = p_change.role and p.role <> r.database_role
    and p_change.action in ('appoint', 'change');
end
$body$;
alter function identity.carry_out_appointment(identity.appointment_change) owner to dozir_writer;
comment on function identity.carry_out_appointment(identity.appointment_change) is
  'Does what was decided of an appointment.';
