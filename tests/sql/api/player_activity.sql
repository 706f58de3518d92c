-- login: dozir_portal
select become('regulator');

-- The same accounts whichever way they are laid out.
select is(
  (select sum(active_count)::bigint from api.player_activity(current_date - 40, current_date + 1, 'day')),
  (select sum(active_count)::bigint
   from api.player_activity(current_date - 40, current_date + 1, 'day', '{operator}')),
  'accounts are an operator''s: by operator they add up');
select cmp_ok(
  (select sum(active_count)::bigint from api.player_activity(current_date - 40, current_date + 1, 'quarter')),
  '<=',
  (select sum(active_count)::bigint
   from api.player_activity(current_date - 40, current_date + 1, 'quarter', '{gambling_type}')),
  'an account that plays two types is one account');
select is(
  (select sum(active_count)::bigint from api.player_activity(current_date - 40, current_date + 1, 'day')),
  (select count(*) from (
    select distinct t.operator_id, p.player, (t.occurred_at at time zone 'Europe/Kyiv')::date
    from api.transaction as t
    join api.transaction_player as p
      on p.occurred_at = t.occurred_at and p.operator_id = t.operator_id and p.id = t.id
    where t.type = 1 and t.cancel_reason = 0 and not exists (
      select from api.transaction as c
      join api.batch as b on b.id = c.batch_id
      where c.operator_id = t.operator_id and c.cancels = t.id and b.received_at < (
        (t.occurred_at at time zone 'Europe/Kyiv')::date + 1 + time '03:00'
      ) at time zone 'Europe/Kyiv')) as x),
  'as the raw rows say');
select is(
  (select array[sum(bet_count), sum(stake_minor), sum(ggr_minor)]
   from api.player_activity(current_date - 40, current_date + 1, 'day', '{operator,gambling_type}')),
  (select array[bet_count::numeric, stake_minor::numeric, ggr_minor::numeric]
   from api.report_r03(current_date - 40, current_date + 1) where is_total),
  'and the same money as every other report');
select is_empty($$
  select from api.player_activity(current_date - 40, current_date + 1, 'day', '{operator}')
  where returning_count <> active_count - new_count or period_end <> period_start
    or arppa_minor <> round(ggr_minor::numeric / active_count)
    or (active_count = 0) <> (arppa_minor is null) or few <> (active_count < 10)
    or closed <> (counted_until >= (period_end + 1 + time '03:00') at time zone 'Europe/Kyiv')
$$, 'each figure follows from the others');
select is_empty($$
  select from api.player_activity(current_date - 400, current_date, 'month')
  where mean_daily_active > active_count
    or daily_to_period_percent <> round(100 * mean_daily_active / active_count, 2)
      and abs(daily_to_period_percent - 100 * mean_daily_active / active_count) > 0.2
$$, 'a mean of days is no more than the month');
select isnt_empty($$
  select from api.player_activity(current_date - 20, current_date, 'month')
  where top10_share_percent between top1_share_percent and 100
    and lorenz_percent[20] = 100 and cardinality(lorenz_percent) = 20 and loss_counts[1] >= loss_counts[5]
$$, 'how play is spread');
select is_empty('select from api.account_spread where account_count < 10',
  'nothing is told that would be of a few accounts');
select is_empty(
  'select from api.player_activity(''2020-01-01'', ''2020-01-31'')', 'no row where nothing was');
select results_eq(
  'select distinct gambling_type_id from api.player_activity(
     current_date - 20, current_date, ''day'', ''{gambling_type}'', null, 3::smallint)',
  array[3::smallint], 'one gambling type');
select isnt_empty(
  'select from api.account_cohorts(current_date - 20, current_date) where cohort <= month',
  'cohorts begin before the month or in it');

-- What makes no sense is refused.
select throws_ok(
  'select from api.player_activity(''2026-02-02'', ''2026-02-01'')', 'DZV01', null, 'reversed');
select throws_ok(
  'select from api.player_activity(''2000-01-01'', ''2026-02-01'')', 'DZV01', null, 'too long');
select throws_ok(
  'select from api.player_activity(''2024-01-01'', ''2026-02-01'', ''day'')', 'DZV01', null,
  'too many days');
select throws_ok(
  'select from api.player_activity(''2026-01-01'', ''2026-02-01'', ''year'')', 'DZV02', null, 'grain');
select throws_ok(
  'select from api.player_activity(''2026-01-01'', ''2026-02-01'', ''day'', ''{player}'')', 'DZV02',
  null, 'never by player');
select throws_ok(
  'select from api.account_cohorts(''2026-02-02'', ''2026-02-01'')', 'DZV01', null, 'reversed');
