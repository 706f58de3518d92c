create or replace function ledger.unix_moment(p_moment timestamptz) returns bytea
  language sql immutable parallel safe strict
  return int8send(ledger.microseconds(p_moment) + 946684800000000);
comment on function ledger.unix_moment(timestamptz) is
  'A moment as entries of the log hold it: microseconds since 1970-01-01 UTC, big-endian.';
