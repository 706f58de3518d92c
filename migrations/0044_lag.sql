-- depends: 0043_declared_days
-- Quantiles of lag are told of a histogram and of how many rows it counts.
-- squawk-ignore-file ban-drop-function
-- squawk-ignore-file require-timeout-settings
set local lock_timeout = '10s';

-- What is in sql/ makes it anew.
drop function if exists api.lag_quantiles(bigint[]);
