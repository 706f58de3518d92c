create or replace view api.export with (security_invoker = true) as
select
  id, made_at, person_id, role, operator_id, name, title, language, parameters, lines, as_of,
  row_count, format, sha256, request_id, entry_hash
from audit.export;
comment on view api.export is
  'Exports: the auditor sees all, an operator''s people those of their operator, others their own.';
