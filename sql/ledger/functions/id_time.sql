create or replace function ledger.id_time(p_id uuid) returns timestamptz
  language sql immutable parallel safe strict
  return to_timestamp((
    ('x' || translate(left(p_id::text, 13), '-', ''))::bit(48)::bigint
  )::numeric / 1000);
comment on function ledger.id_time(uuid) is
  'The moment in a version 7 UUID: its first 48 bits are milliseconds since 1970 (RFC 9562, 5.7).';
