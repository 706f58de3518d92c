create or replace view api.notice with (security_invoker = true) as
select id, kind, subject, facts, target, parameters, created_at, in_bell, read_at, by_mail, mailed_at
from identity.notice;
comment on view api.notice is 'What the caller was told, in this role.';
