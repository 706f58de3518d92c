create or replace function registry.is_edrpou(p_code text) returns boolean
  language plpgsql immutable
  set search_path = pg_catalog, pg_temp
as $body$
-- Check digit of EDRPOU as the State Statistics Service assigns it and as registers publish the
-- algorithm: weights 1..7 (below 30 000 000 and above 60 000 000) or 7,1..6 (between), modulo 11; at
-- a remainder of 10 the weights grow by 2, and a second remainder of 10 gives 0.
declare
  digits integer[];
  weights integer[];
  remainder integer;
  extra integer := 0;
begin
  if p_code !~ '^[0-9]{8}$' or p_code = '00000000' then
    return false;
  end if;
  digits := string_to_array(p_code, null)::integer[];
  weights := case when p_code::integer between 30000000 and 60000000
    then array[7, 1, 2, 3, 4, 5, 6] else array[1, 2, 3, 4, 5, 6, 7] end;
  loop
    select (sum(digits[i] * (weights[i] + extra)) % 11)::integer into remainder from generate_series(1, 7) as i;
    exit when remainder < 10 or extra = 2;
    extra := 2;
  end loop;
  return digits[8] = remainder % 10;
end
$body$;
comment on function registry.is_edrpou(text) is
  'Whether eight digits are an EDRPOU with a right check digit.';
