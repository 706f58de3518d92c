create or replace view api.stake_band with (security_invoker = true) as
select
  b.band::smallint as band, (rollup.stake_bounds())[b.band - 1] as from_minor,
  (rollup.stake_bounds())[b.band] as below_minor
from generate_series(1, cardinality(rollup.stake_bounds()) + 1) as b (band);
comment on view api.stake_band is
  'Bands of the stake of a round, from (null: the first) and below (null: the last), minor units.';
