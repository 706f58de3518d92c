create or replace function ledger.rfc3339(p_moment timestamptz) returns text
  language sql stable parallel safe strict
  return to_char(p_moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
comment on function ledger.rfc3339(timestamptz) is
  'A moment in UTC with microseconds, as RFC 3339 writes it.';
