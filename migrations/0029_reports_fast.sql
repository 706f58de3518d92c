-- depends: 0028_report_speed
-- squawk-ignore-file require-concurrent-index-creation, prefer-robust-stmts, require-timeout-settings
-- Corrections of declared days, which are few, found without a look at each declaration.
-- A migration is one transaction, in which an index cannot be built concurrently.

create index declared_day_corrected on report.declared_day (day, operator_id) where version > 1;
