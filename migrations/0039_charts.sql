-- depends: 0038_report_days
-- Each report has a chart of its own, and the catalogue names it; so it does how a figure is drawn over time.
-- squawk-ignore-file require-timeout-settings, prefer-robust-stmts, constraint-missing-not-valid
-- squawk-ignore-file ban-drop-constraint
set local lock_timeout = '10s';

-- The rows are loaded anew with every version; until then they are what the check lets through.
alter table report.report drop constraint ck_report_chart;
update report.report set chart = 'waterfall';
alter table report.report add constraint ck_report_chart check (
  chart in (
    'status_grid', 'heat_map', 'columns', 'timeline', 'funnel', 'pareto', 'lorenz', 'treemap',
    'waterfall', 'mirrored', 'taxes'));
alter table report.report_measure drop constraint ck_report_measure_series;
alter table report.report_measure add constraint ck_report_measure_series check (
  series in ('up', 'down', 'curve', 'area', 'line'));
