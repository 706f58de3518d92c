create or replace view api.report_measure with (security_invoker = true) as
select
  report, measure, position, shown, series
from report.report_measure;
comment on view api.report_measure is 'Which figures a report holds.';
