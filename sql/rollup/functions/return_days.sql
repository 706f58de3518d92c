create or replace function rollup.return_days(p_day date, p_operators integer[])
  returns setof rollup.return_day
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $body$
-- What rollup.return_day must hold of a day of these operators: rollup.round_day by game alone.
begin
  return query
  select
    d.operator_id, d.shard, d.day, d.game_id, d.currency, sum(d.round_count)::bigint,
    sum(d.hit_count)::bigint, sum(d.multiple_micro), sum(d.square_micro)
  from rollup.round_day as d
  where d.day = p_day and d.operator_id = any (p_operators)
  group by d.operator_id, d.shard, d.day, d.game_id, d.currency
  having sum(abs(d.round_count)) + sum(abs(d.multiple_micro)) > 0;
end
$body$;
comment on function rollup.return_days(date, integer[]) is
  'What rollup.return_day must hold of a day: what paid rounds returned, by game.';
