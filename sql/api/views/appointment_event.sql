create or replace view api.appointment_event with (security_invoker = true) as
select id, happened_at, person_id, change_id, deed, actor, actor_person, reason, before, after
from identity.appointment_event;
comment on view api.appointment_event is 'What happened to appointments, step by step.';
