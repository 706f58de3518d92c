-- depends: 0026_audit
-- Lists behind figures are narrowed by everything that reports are grouped by, and each report says what it
-- is for and how it is read.
-- squawk-ignore-file prefer-robust-stmts, require-timeout-settings, ban-drop-function
set local lock_timeout = '10s';

-- The functions with more parameters take the places of these.
drop function if exists api.transactions(
  timestamptz, timestamptz, integer[], smallint[], smallint[], smallint, uuid, integer, smallint);
drop function if exists api.batches(
  integer[], timestamptz, timestamptz, bigint, integer, timestamptz, timestamptz, boolean);
drop function if exists api.refusals(integer[], bigint, integer, timestamptz, timestamptz);

alter table report.report
  add column purpose_uk text not null default '',
  add column purpose_en text not null default '',
  add column reading_uk text not null default '',
  add column reading_en text not null default '',
  add column example_uk text not null default '',
  add column example_en text not null default '',
  add column example_query text not null default '';
