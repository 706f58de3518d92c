create or replace view api.report_dimension with (security_invoker = true) as
select
  report, dimension, position, leads_to
from report.report_dimension;
comment on view api.report_dimension is 'By what a report may be grouped, and where that leads.';
