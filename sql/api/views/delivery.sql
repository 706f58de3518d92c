create or replace view api.delivery with (security_invoker = true) as
select
  d.id, d.subscription_id, d.person_id, d.role, d.due_at, d.ended_at, d.outcome, d.notice_id, d.mail_id,
  m.state as mail_state, m.attempt as mail_attempts, m.ended_at as mail_ended_at
from identity.delivery as d
left join identity.mail as m on d.mail_id = m.id;
comment on view api.delivery is
  'What became of subscriptions, and of their mail: a person''s own, for auditors everybody''s.';
