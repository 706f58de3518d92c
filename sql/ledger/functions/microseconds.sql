create or replace function ledger.microseconds(p_moment timestamptz) returns bigint
  language sql immutable parallel safe
  -- Not strict, and by way of UTC's own clock, which needs no setting: so that queries inline it.
  return case
    when p_moment = 'infinity' then 9223372036854775807
    when p_moment = '-infinity' then -9223372036854775808
    else (extract(epoch from p_moment at time zone 'UTC') * 1000000)::bigint - 946684800000000
  end;
comment on function ledger.microseconds(timestamptz) is
  'A moment as PostgreSQL stores it: microseconds since 2000-01-01 UTC, the bytes of a binary COPY.';
