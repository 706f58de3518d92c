create or replace function report.check_players(
  p_from timestamptz default '-infinity', p_until timestamptz default 'infinity'
) returns table (object text, key jsonb, stored jsonb, recomputed jsonb)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Recounts accounts and returns every difference: rollup.player_day and what is counted by amount of closed
-- days from raw rows, day by day, and rollup.account_count from rollup.player_day, for each day, week, month
-- and quarter that the period touches. An account is not named: its key is left out, what differs is told. Bounds may be infinite.
declare
  key_names constant text[] := array[
    'operator_id', 'shard', 'player', 'day', 'gambling_type_id', 'currency', 'grain', 'period_start'
  ];
  one_day date;
  one record;
  first_day date;
  last_day date;
  left_out text[] := key_names;
begin
  for one_day in select c.day from report.player_days(p_from, p_until) as c (day) order by 1 loop
    return query
    select
      'rollup.player_day'::text,
      jsonb_build_object(
        'operator_id', coalesce(s.operator_id, r.operator_id), 'day', one_day,
        'gambling_type_id', coalesce(s.gambling_type_id, r.gambling_type_id),
        'currency', coalesce(s.currency, r.currency)),
      to_jsonb(s) - key_names, to_jsonb(r) - key_names
    from (select d.* from rollup.player_day as d where d.day = one_day) as s
    full join rollup.recount_player_day(one_day) as r
      on r.operator_id = s.operator_id and r.shard = s.shard and r.player = s.player
      and r.gambling_type_id = s.gambling_type_id and r.currency = s.currency
    where s is distinct from r;
    -- What the job would count anew by itself differs for a reason.
    if exists (
      select
      from rollup.cash_progress as c
      join rollup.player_period as p on p.grain = 'day' and p.period_start = c.day
      where c.day = one_day and c.changes = p.changes and c.rules = rollup.cash_rules(one_day)
    ) then
      return query
      select
        'rollup.cash_band_day'::text,
        jsonb_build_object(
          'operator_id', coalesce(s.operator_id, r.operator_id), 'day', one_day,
          'band', coalesce(s.band, r.band), 'currency', coalesce(s.currency, r.currency)),
        to_jsonb(s) - key_names, to_jsonb(r) - key_names
      from (select d.* from rollup.cash_band_day as d where d.day = one_day) as s
      full join rollup.recount_cash_bands(one_day) as r
        on r.operator_id = s.operator_id and r.shard = s.shard and r.currency = s.currency and r.band = s.band
      where s is distinct from r;
      return query
      select
        'rollup.cash_day'::text,
        jsonb_build_object('operator_id', coalesce(s.operator_id, r.operator_id), 'day', one_day),
        to_jsonb(s) - key_names, to_jsonb(r) - key_names
      from (select d.* from rollup.cash_day as d where d.day = one_day) as s
      full join rollup.recount_cash_day(one_day) as r
        on r.operator_id = s.operator_id and r.shard = s.shard
      where to_jsonb(s) is distinct from to_jsonb(r);
    end if;
    first_day := coalesce(first_day, one_day);
    last_day := one_day;
  end loop;

  if (select p.dropped_before is not null from rollup.player_progress as p) then
    left_out := left_out || 'new_count'::text;
  end if;
  for one in
    select distinct g.grain, g.period_start
    from generate_series(first_day::timestamp, last_day::timestamp, interval '1 day') as d (day)
    cross join lateral rollup.periods_of(d.day::date) as g
    where g.period_start >= (select p.kept_from from rollup.player_progress as p)
    order by 1, 2
  loop
    return query
    select
      'rollup.account_count'::text,
      jsonb_build_object(
        'operator_id', coalesce(s.operator_id, r.operator_id), 'grain', one.grain,
        'day', one.period_start,
        'gambling_type_id', coalesce(s.gambling_type_id, r.gambling_type_id)),
      to_jsonb(s) - left_out, to_jsonb(r) - left_out
    from (
      select c.* from rollup.account_count as c
      where c.grain = one.grain and c.period_start = one.period_start
        and (c.active_count <> 0 or c.new_count <> 0 or c.active_days <> 0)
    ) as s
    full join rollup.recount_accounts(one.grain, one.period_start) as r
      on r.operator_id = s.operator_id and r.shard = s.shard
      and r.gambling_type_id = s.gambling_type_id
    where to_jsonb(s) - left_out is distinct from to_jsonb(r) - left_out;
  end loop;
end
$body$;
comment on function report.check_players(timestamptz, timestamptz) is
  'Differences between accounts, their counters and raw rows; none when all is exact.';
