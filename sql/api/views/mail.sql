create or replace view api.mail with (security_invoker = true) as
select id, person_id, kind, created_at, state, attempt, next_at, ended_at
from identity.mail;
comment on view api.mail is 'Mail to the caller, for auditors to everybody: how it stands, not what it says.';
