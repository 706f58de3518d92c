-- login: dozir_portal
select become('regulator');

create function pg_temp.totals(p_by text) returns numeric[] language sql return (
  select array[
    sum(bet_count), sum(stake_minor), sum(win_count), sum(win_minor), sum(refund_count),
    sum(refund_minor), sum(net_stake_minor), sum(ggr_minor)
  ]
  from api.stakes_and_winnings(current_date - 40, current_date + 1, p_by)
);

-- The same money whichever way it is laid out, and the same as the raw rows say.
select is(pg_temp.totals(g), pg_temp.totals('day'), format('by %s the same sums as by day', g))
from unnest(array['hour', 'operator', 'gambling_type', 'licence', 'channel']) as u (g);
select is(
  (pg_temp.totals('day'))[1:6],
  (select array[
    sum(s) filter (where type = 1), sum(s * amount_minor) filter (where type = 1),
    sum(s) filter (where type = 2), sum(s * amount_minor) filter (where type = 2),
    sum(s) filter (where type = 3), sum(s * amount_minor) filter (where type = 3)]
  from api.transaction as t
  cross join lateral (select case when t.cancel_reason = 0 then 1 else -1 end as s) as x
  where t.currency = 980),
  'as the raw rows say');
select is_empty($$
  select from api.stakes_and_winnings(current_date - 40, current_date + 1, 'operator')
  where net_stake_minor <> stake_minor - refund_minor
    or ggr_minor <> net_stake_minor - win_minor
    or (rtp_percent is null) <> (net_stake_minor <= 0)
    or rtp_percent <> round(100.0 * win_minor / net_stake_minor, 4)
    or hold_percent <> 100 - rtp_percent
$$, 'each figure follows from the others; no ratio without a positive denominator');

-- Filters.
select results_eq(
  format('select distinct key::integer from api.stakes_and_winnings(
    current_date - 40, current_date + 1, ''operator'', array[%s])', operator_id('TEST-BETA')),
  array[operator_id('TEST-BETA')], 'one operator');
select is_empty(
  'select from api.stakes_and_winnings(
    current_date - 40, current_date + 1, ''gambling_type'', null, array[3]::smallint[])
   where key <> ''3''', 'one gambling type');
select isnt(
  (select sum(stake_minor) from api.stakes_and_winnings(
    current_date - 40, current_date + 1, p_currency => 978::smallint)),
  (pg_temp.totals('day'))[2], 'another currency, other sums');
select is_empty(
  'select from api.stakes_and_winnings(''2020-01-01'', ''2020-01-31'')', 'no row where nothing was');

-- What makes no sense is refused.
select throws_ok(
  'select from api.stakes_and_winnings(''2026-02-02'', ''2026-02-01'')', 'DZV01', null, 'reversed');
select throws_ok(
  'select from api.stakes_and_winnings(''2026-01-01'', ''2026-12-31'', ''hour'')', 'DZV01', null,
  'too many hours');
select throws_ok(
  'select from api.stakes_and_winnings(''2000-01-01'', ''2026-12-31'')', 'DZV01', null,
  'too many days');
select throws_ok(
  'select from api.stakes_and_winnings(''2026-01-01'', ''2026-01-02'', ''player'')', 'DZV02', null,
  'unknown grouping');
select throws_ok(
  'select from api.stakes_and_winnings(''2026-01-01'', ''2026-01-02'', null)', 'DZV02', null,
  'no grouping');
