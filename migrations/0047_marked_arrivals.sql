-- depends: 0046_open_bet_records
-- Marked records that came since days were counted are found without the others of the hour.
-- squawk-ignore-file require-timeout-settings, prefer-robust-stmts, require-concurrent-index-creation
set local lock_timeout = '10s';

create index hour_received_marked on rollup.hour (received_hour) where breach <> 0;
