create or replace view api.appointment with (security_invoker = true) as
select id, person_id, role, state, active_from, active_until, made_at
from identity.appointment;
comment on view api.appointment is 'Who holds which role, and held it.';
