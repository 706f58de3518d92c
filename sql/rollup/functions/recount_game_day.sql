create or replace function rollup.recount_game_day(p_from timestamptz, p_until timestamptz)
  returns setof rollup.game_day
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- The slow and obvious way to rollup.game_day, from raw rows; whole days of Europe/Kyiv. What arrived
-- since the table was brought up to date is not in it (api.rollup_game_day adds it).
begin
  return query
  select
    t.operator_id, ledger.shard(), (t.occurred_at at time zone 'Europe/Kyiv')::date, t.game_id,
    t.equipment_id, t.currency, (b.received_at at time zone 'Europe/Kyiv')::date,
    coalesce(sum(case when t.cancel_reason = 0 then 1 else -1 end) filter (where t.type = 1), 0)::bigint,
    coalesce(sum(case when t.cancel_reason = 0 then t.amount_minor else -t.amount_minor end)
      filter (where t.type = 1), 0)::bigint,
    coalesce(sum(case when t.cancel_reason = 0 then 1 else -1 end) filter (where t.type = 2), 0)::bigint,
    coalesce(sum(case when t.cancel_reason = 0 then t.amount_minor else -t.amount_minor end)
      filter (where t.type = 2), 0)::bigint,
    coalesce(sum(case when t.cancel_reason = 0 then 1 else -1 end) filter (where t.type = 3), 0)::bigint,
    coalesce(sum(case when t.cancel_reason = 0 then t.amount_minor else -t.amount_minor end)
      filter (where t.type = 3), 0)::bigint,
    coalesce(sum(case when t.cancel_reason = 0 then 1 else -1 end) filter (where t.type = 4), 0)::bigint,
    coalesce(sum(case when t.cancel_reason = 0 then t.amount_minor else -t.amount_minor end)
      filter (where t.type = 4), 0)::bigint,
    coalesce(sum(case when t.cancel_reason = 0 then 1 else -1 end) filter (where t.type = 5), 0)::bigint,
    coalesce(sum(case when t.cancel_reason = 0 then t.amount_minor else -t.amount_minor end)
      filter (where t.type = 5), 0)::bigint
  from ledger.transaction as t
  join ledger.batch as b on b.id = t.batch_id
  where t.occurred_at >= p_from and t.occurred_at < p_until
    and b.received_at < (select p.counted_until from rollup.game_progress as p)
  group by 1, 2, 3, 4, 5, 6, 7;
end
$body$;
comment on function rollup.recount_game_day(timestamptz, timestamptz) is
  'What rollup.game_day must hold for a period, recomputed from raw rows.';
