create or replace function ledger.decimal_string(p_minor bigint, p_minor_digits integer) returns text
  language sql immutable parallel safe strict
  return round(p_minor::numeric / (10::numeric ^ p_minor_digits), p_minor_digits)::text;
comment on function ledger.decimal_string(bigint, integer) is
  'Minor units as the decimal string used on the wire: 12345 with 2 digits is 123.45.';
