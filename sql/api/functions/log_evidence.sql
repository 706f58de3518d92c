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
  -- Each is told in a line of its own: arrays and their queries take many times as long.
  wide_1 constant double precision := 500 * p_variance;
  wide_2 constant double precision := 5000 * p_variance;
  wide_3 constant double precision := 50000 * p_variance;
  wide_4 constant double precision := 500000 * p_variance;
  log_1 double precision;
  log_2 double precision;
  log_3 double precision;
  log_4 double precision;
  most double precision;
begin
  if p_variance <= 0 or p_spread < 0 then
    return null;
  end if;
  log_1 := api.log_half_evidence(-p_gap / sqrt(2 * (wide_1 + p_spread)), wide_1, p_spread);
  log_2 := api.log_half_evidence(-p_gap / sqrt(2 * (wide_2 + p_spread)), wide_2, p_spread);
  log_3 := api.log_half_evidence(-p_gap / sqrt(2 * (wide_3 + p_spread)), wide_3, p_spread);
  log_4 := api.log_half_evidence(-p_gap / sqrt(2 * (wide_4 + p_spread)), wide_4, p_spread);
  most := greatest(log_1, log_2, log_3, log_4);
  return most + ln((
    exp(greatest(log_1 - most, -700)) + exp(greatest(log_2 - most, -700))
    + exp(greatest(log_3 - most, -700)) + exp(greatest(log_4 - most, -700))) / 4);
end
$body$;
comment on function api.log_evidence(double precision, double precision, double precision) is
  'Logarithm of the e-value that rounds return less than declared.';
