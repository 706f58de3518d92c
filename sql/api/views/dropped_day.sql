create or replace view api.dropped_day with (security_invoker = true) as
select d.day, d.dropped_at, d.archive
from ledger.dropped_day as d;
comment on view api.dropped_day is
  'Days (UTC) whose transactions are no longer here, and the name of the archive that holds them.';
