create or replace function rollup.rebuild_counts(p_day date) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $body$
-- The counters of the day, week, month and quarter around a day, counted anew from rollup.player_day.
-- Where older accounts were dropped, who is new can no longer be told: that count stays.
declare
  one record;
  dropped constant boolean := (
    select p.dropped_before is not null from rollup.player_progress as p
  );
begin
  for one in
    select g.grain, g.period_start
    from rollup.periods_of(p_day) as g
    where g.period_start >= (select p.kept_from from rollup.player_progress as p)
  loop
    delete from rollup.account_count as c
    where c.grain = one.grain and c.period_start = one.period_start and not exists (
      select from rollup.recount_accounts(one.grain, one.period_start) as r
      where (r.operator_id, r.shard, r.gambling_type_id)
        = (c.operator_id, c.shard, c.gambling_type_id)
    );
    insert into rollup.account_count as c
    select r.* from rollup.recount_accounts(one.grain, one.period_start) as r
    on conflict (operator_id, shard, grain, period_start, gambling_type_id) do update set
      active_count = excluded.active_count,
      active_days = excluded.active_days,
      new_count = case when dropped then c.new_count else excluded.new_count end;
  end loop;
end
$body$;
comment on function rollup.rebuild_counts(date) is
  'Counts the accounts of the periods around a day anew.';
