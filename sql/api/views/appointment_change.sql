create or replace view api.appointment_change with (security_invoker = true) as
select
  id, action, person_id, appointment_id, role, active_from, active_until, reason, state, proposed_at,
  proposed_by, proposed_person, decided_at, decided_by, decided_person, decision_reason
from identity.appointment_change;
comment on view api.appointment_change is 'What is or was proposed of appointments.';
