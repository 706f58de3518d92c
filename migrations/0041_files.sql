-- depends: 0040_as_of
-- Documents for print are a fifth kind of export.
-- squawk-ignore-file require-timeout-settings, prefer-robust-stmts, constraint-missing-not-valid
-- squawk-ignore-file ban-drop-constraint
set local lock_timeout = '10s';

alter table audit.export drop constraint ck_export_format;
alter table audit.export add constraint ck_export_format
  check (format in ('csv', 'xlsx', 'json', 'parquet', 'html'));
alter table audit.export_job drop constraint ck_export_job_format;
alter table audit.export_job add constraint ck_export_job_format
  check (format in ('csv', 'xlsx', 'json', 'parquet', 'html'));
