create or replace procedure rollup.rebuild_players(p_from timestamptz, p_until timestamptz)
  language plpgsql
as $body$
-- Mends accounts of a period, one day of Europe/Kyiv in each transaction: what raw rows say less what
-- is stored is added, then the counters of the periods around the day are counted anew. Counting waits
-- meanwhile, ingest does not. Days whose raw rows or whose accounts were dropped are left alone. No SET
-- clause: it would forbid COMMIT.
declare
  one_day date;
begin
  for one_day in select c.day from report.player_days(p_from, p_until) as c (day) order by 1 loop
    perform from rollup.player_progress as p for update;
    perform rollup.add_players(array(
      select (
        coalesce(r.operator_id, s.operator_id), coalesce(r.shard, s.shard),
        coalesce(r.player, s.player), one_day, coalesce(r.gambling_type_id, s.gambling_type_id),
        coalesce(r.currency, s.currency), coalesce(r.bets, 0) - coalesce(s.bets, 0),
        coalesce(r.stake_minor, 0) - coalesce(s.stake_minor, 0),
        coalesce(r.win_minor, 0) - coalesce(s.win_minor, 0),
        coalesce(r.refund_minor, 0) - coalesce(s.refund_minor, 0),
        coalesce(r.deposit_minor, 0) - coalesce(s.deposit_minor, 0),
        coalesce(r.withdrawal_minor, 0) - coalesce(s.withdrawal_minor, 0),
        coalesce(r.night_stake_minor, 0) - coalesce(s.night_stake_minor, 0)
      )::rollup.player_day
      from rollup.recount_player_day(one_day) as r
      full join (select d.* from rollup.player_day as d where d.day = one_day) as s
        using (operator_id, shard, player, gambling_type_id, currency)
      where r is distinct from s
    ));
    -- What has no raw row at all: now without bets and sums.
    delete from rollup.player_day as d
    where d.day = one_day and not exists (
      select from rollup.recount_player_day(one_day) as r
      where r.operator_id = d.operator_id and r.shard = d.shard and r.player = d.player
        and r.gambling_type_id = d.gambling_type_id and r.currency = d.currency
    );
    perform rollup.rebuild_counts(one_day);
    -- What is counted of the day by amount is due again.
    update rollup.cash_progress as c set rules = '{}' where c.day = one_day;
    commit;
    raise notice 'rebuilt %', one_day;
  end loop;
end
$body$;
comment on procedure rollup.rebuild_players(timestamptz, timestamptz) is -- noqa: LT01
  'Mends what report.check_players finds, one day in each transaction.';
