create or replace view api.event with (security_invoker = true) as
select
  e.id, e.at, e.person_id, e.role, e.operator_id, e.concerns, e.kind, e.object, e.object_id, e.facts,
  e.request_id, e.address, e.told
from audit.event as e;
comment on view api.event is
  'The trail: the auditor sees all, an operator''s people what they are told of, others their own.';
