create or replace function rollup.recount_mark_day(p_from timestamptz, p_until timestamptz)
  returns setof rollup.mark_day
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- What rollup.mark_day must hold, from the hours of rollup.hour, which are held against raw rows; whole days
-- of Europe/Kyiv.
begin
  return query
  select
    h.operator_id, h.shard, (h.hour at time zone 'Europe/Kyiv')::date, h.licence_id, h.channel_id,
    h.gambling_type_id, h.currency, h.breach, (h.received_hour at time zone 'Europe/Kyiv')::date,
    sum(h.bet_count)::bigint, sum(h.bet_minor)::bigint, sum(h.win_count)::bigint,
    sum(h.win_minor)::bigint, sum(h.refund_count)::bigint, sum(h.refund_minor)::bigint,
    sum(h.deposit_count)::bigint, sum(h.deposit_minor)::bigint, sum(h.withdrawal_count)::bigint,
    sum(h.withdrawal_minor)::bigint
  from rollup.hour as h
  where h.hour >= p_from and h.hour < p_until and h.breach <> 0
    and h.received_hour < (select p.counted_until from rollup.game_progress as p)
  group by 1, 2, 3, 4, 5, 6, 7, 8, 9;
end
$body$;
comment on function rollup.recount_mark_day(timestamptz, timestamptz) is
  'What rollup.mark_day must hold for a period, recomputed from rollup.hour.';
