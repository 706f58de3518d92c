create or replace function registry.is_rnokpp(p_number text) returns boolean
  language plpgsql immutable
  set search_path = pg_catalog, pg_temp
as $body$
-- Check digit of the taxpayer's registration number (RNOKPP), as tax software publishes the
-- algorithm: weights -1 5 7 9 4 6 10 5 7, modulo 11, modulo 10.
declare
  weights constant integer[] := array[-1, 5, 7, 9, 4, 6, 10, 5, 7];
  digits integer[];
  total integer;
begin
  if p_number !~ '^[0-9]{10}$' or p_number = '0000000000' then
    return false;
  end if;
  digits := string_to_array(p_number, null)::integer[];
  select sum(digits[i] * weights[i])::integer into total from generate_series(1, 9) as i;
  return digits[10] = ((total % 11) + 11) % 11 % 10;
end
$body$;
comment on function registry.is_rnokpp(text) is
  'Whether ten digits are a taxpayer''s number (RNOKPP) with a right check digit.';
