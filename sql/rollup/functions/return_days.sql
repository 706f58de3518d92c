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
  -- Where rounds change against each other, their sum may be 0 and that of their squares not.
  having bool_or(
    (d.round_count, d.hit_count, d.multiple_micro, d.square_micro) <> (0, 0, 0::numeric, 0::numeric));
end
$body$;
comment on function rollup.return_days(date, integer[]) is
  'What rollup.return_day must hold of a day: what paid rounds returned, by game.';
