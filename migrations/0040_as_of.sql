-- depends: 0039_charts
-- What a report tells as of a past moment: which figures are not made of what had arrived by then, and
-- functions that ask for a moment.
-- squawk-ignore-file require-timeout-settings, prefer-robust-stmts, constraint-missing-not-valid
set local lock_timeout = '10s';

-- The rows are loaded anew with every version.
alter table report.measure add column past text not null default 'arrived';
alter table report.measure add constraint ck_measure_past check (
  past in ('arrived', 'closed', 'ended', 'now'));

-- Their parameters change; what is in sql/ makes them anew.
drop function if exists api.report_accounts(date, date, text[], integer[], smallint[], smallint);
drop function if exists api.report_cash(date, date, text[], integer[]);
drop function if exists api.report_completeness(integer[]);
drop function if exists api.equipment_played(date, date, integer[]);
drop function if exists api.tax_estimate(date, date, integer[], smallint);
