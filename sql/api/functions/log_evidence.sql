create or replace function api.log_evidence(
  p_gap double precision, p_spread double precision, p_variance double precision
) returns double precision
  language plpgsql immutable strict parallel safe
  set search_path = pg_catalog, pg_temp
as $body$
-- Natural logarithm of the evidence that rounds return less than they should: an e-value, which of fair games
-- exceeds 1/a at any time with a chance of a at most, however often it is looked at. A mixture of half-normal
-- bets on how much is missing, of the test martingale that rests on exp(u - u^2/6) <= 1 + u + u^2/3 (Delyon),
-- for games that pay out what they like about their mean and spread no wider than declared.
--   p_gap       sum of what rounds should return less what they did, in stakes; negated: for too much
--   p_spread    (sum of squared distances from what they should + 2 * rounds * variance) / 3, in stakes^2
--   p_variance  that of a round, as declared, in stakes^2
-- The four look for what shows after some ten thousand, hundred thousand, million and ten million rounds; each
-- is as wide as the twentieth part of that.
declare
  scales constant double precision[] := array[500, 5000, 50000, 500000]::double precision[];
  parts double precision[] := array[]::double precision[];
  scale double precision;
  wide double precision;
  z double precision;
  most double precision;
begin
  if p_variance <= 0 or p_spread < 0 then
    return null;
  end if;
  foreach scale in array scales loop
    wide := scale * p_variance;
    z := -p_gap / sqrt(2 * (wide + p_spread));
    parts := parts || (0.5 * ln(wide / (wide + p_spread)) + case
      -- Where erfc would underflow: its leading term.
      when z > 25 then -ln(z * sqrt(pi())) else z * z + ln(erfc(z)) end);
  end loop;
  most := (select max(u.part) from unnest(parts) as u (part));
  return most + ln((select avg(exp(greatest(u.part - most, -700))) from unnest(parts) as u (part)));
end
$body$;
comment on function api.log_evidence(double precision, double precision, double precision) is
  'Logarithm of the e-value that rounds return less than declared.';
