create or replace function rollup.count_round_day(p_day date, p_operators integer[]) returns bigint
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
as $body$
-- Writes rollup.round_day, rollup.return_day with its month, and rollup.matched_day of a day of these operators
-- anew; how many rows of the first.
declare
  this_month constant date := date_trunc('month', p_day::timestamp)::date;
  written bigint;
begin
  delete from rollup.round_day as d where d.day = p_day and d.operator_id = any (p_operators);
  insert into rollup.round_day
  select r.* from rollup.recount_round_day(p_day, p_operators) as r;
  get diagnostics written = row_count;
  delete from rollup.return_day as d where d.day = p_day and d.operator_id = any (p_operators);
  insert into rollup.return_day
  select r.* from rollup.return_days(p_day, p_operators) as r;
  delete from rollup.return_month as d where d.month = this_month and d.operator_id = any (p_operators);
  insert into rollup.return_month
  select r.* from rollup.return_months(this_month, p_operators) as r;
  insert into rollup.matched_day as m (
    operator_id, shard, day, known_count, unknown_count, counted_at
  )
  select
    u.operator_id, ledger.shard(), p_day,
    coalesce(sum(d.payout_count) filter (where d.stake_band > 0), 0),
    coalesce(sum(d.payout_count) filter (where d.stake_band = 0), 0),
    transaction_timestamp()
  from unnest(p_operators) as u (operator_id)
  left join rollup.round_day as d on d.day = p_day and d.operator_id = u.operator_id
  group by u.operator_id
  on conflict (day, operator_id, shard) do update set
    known_count = excluded.known_count, unknown_count = excluded.unknown_count,
    counted_at = excluded.counted_at;
  return written;
end
$body$;
comment on function rollup.count_round_day(date, integer[]) is
  'Writes the rounds of a day of some operators anew, and of how many payouts the bet is known.';
