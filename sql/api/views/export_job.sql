create or replace view api.export_job with (security_invoker = true) as
select
  id, role, operator_id, language, source, format, state, requested_at, started_at, ended_at,
  expires_at, seen_at, attempt, rows_done, stored_bytes, filename, export_id, problem
from audit.export_job;
comment on view api.export_job is 'Files that are being made or can be taken: everybody''s own.';
