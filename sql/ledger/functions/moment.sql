create or replace function ledger.moment(p_microseconds bigint) returns timestamptz
  language sql stable parallel safe
  -- Whole seconds and the rest apart: one number of seconds would lose microseconds.
  return timestamptz '2000-01-01 00:00:00+00'
    + make_interval(secs => p_microseconds / 1000000)
    + p_microseconds % 1000000 * interval '1 microsecond';
comment on function ledger.moment(bigint) is
  'The moment that many microseconds after 2000-01-01 UTC: what ledger.microseconds undoes.';
