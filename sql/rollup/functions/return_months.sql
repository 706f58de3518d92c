create or replace function rollup.return_months(p_month date, p_operators integer[])
  returns setof rollup.return_month
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $body$
-- What rollup.return_month must hold of a month of these operators: the sums of rollup.return_day.
begin
  return query
  select
    d.operator_id, d.shard, p_month, d.game_id, d.currency, sum(d.round_count)::bigint,
    sum(d.hit_count)::bigint, sum(d.multiple_micro), sum(d.square_micro)
  from rollup.return_day as d
  where d.day >= p_month and d.day < (p_month + interval '1 month')::date
    and d.operator_id = any (p_operators)
  group by d.operator_id, d.shard, d.game_id, d.currency;
end
$body$;
comment on function rollup.return_months(date, integer[]) is
  'What rollup.return_month must hold of a month: the sums of its days.';
