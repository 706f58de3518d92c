-- depends: 0041_files
-- R06 can be narrowed to rules, R11 to tax classes, lists of transactions to a round: each takes one
-- parameter more.
-- squawk-ignore-file ban-drop-function
-- squawk-ignore-file require-timeout-settings, prefer-robust-stmts
set local lock_timeout = '10s';

-- What is in sql/ makes them anew.
drop function if exists api.report_r06(
  date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz
);
drop function if exists api.report_r11(
  date, date, text[], integer[], smallint[], integer[], integer[], integer[], smallint, timestamptz
);
drop function if exists api.transactions(
  timestamptz, timestamptz, integer[], smallint[], smallint[], smallint, uuid, integer, smallint,
  integer[], integer[], integer[], integer[], smallint, bigint, bigint
);
drop function if exists api.transaction_sums(
  timestamptz, timestamptz, integer[], smallint[], smallint, smallint, integer[], integer[],
  integer[], integer[], smallint, bigint, bigint
);
