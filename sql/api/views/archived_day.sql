create or replace view api.archived_day with (security_invoker = true) as
select
  a.name, a.day, a.manifest_sha256, a.row_count, a.batch_count, a.totals, a.stored_bytes,
  a.archived_at, a.archived_by
from ledger.archived_day as a;
comment on view api.archived_day is 'Archives of days, for DBAs: what each holds and when it was made.';
