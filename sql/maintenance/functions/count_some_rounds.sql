create or replace function maintenance.count_some_rounds(
  p_until timestamptz default null, p_again interval default '20 hours'
) returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Counts the rounds of one closed day of Europe/Kyiv, the newest that is due, of the operators of whom it is
-- due; how many rows came of it, null when none is due. First it learns what has come since it last
-- looked: the days of those batches are due, and the days after them, as far as a round of them may still
-- be paid out or records of them be taken back (see rollup.recount_round_day). A day that was counted within p_again waits, so that
-- what trickles in late has it counted once a day. p_until is for tests: the caller then vouches that
-- nothing arrives before it any more.
declare
  -- Days before have lost bets that their payouts may belong to: they stay as they were counted.
  horizon constant date := coalesce(
    (select (max(a.archived_until) at time zone 'Europe/Kyiv')::date + 32 from ledger.archive as a),
    '-infinity');
  since timestamptz;
  over constant timestamptz := coalesce(p_until, api.report_watermark());
  today constant date := (over at time zone 'Europe/Kyiv')::date;
  closed date := today - 1;
  one_day date;
  operators integer[];
begin
  lock table rollup.round_progress in share row exclusive mode;
  select p.counted_until into since from rollup.round_progress as p;
  if since < over then
    insert into rollup.round_due as d (day, operator_id)
    with touched as (
      select distinct b.operator_id, g.day::date as day
      from ledger.batch as b
      cross join lateral generate_series(
        (b.occurred_from at time zone 'Europe/Kyiv')::date::timestamp,
        (b.occurred_until at time zone 'Europe/Kyiv')::date::timestamp, interval '1 day'
      ) as g (day)
      where b.received_at >= since and b.received_at < over
    ),
    reached as (
      select l.operator_id, max(least(31, r.window_days)) as days
      from registry.licence as l
      join report.settlement_rule as r on r.gambling_type_id = l.gambling_type_id
      group by l.operator_id
    )
    select distinct t.day + n.after, t.operator_id
    from touched as t
    left join reached as w on w.operator_id = t.operator_id
    cross join lateral generate_series(0, least(31, today - t.day)) as n (after)
    where t.day + n.after >= horizon
      and exists (
        select from rollup.day as r
        where r.operator_id = t.operator_id and r.shard = ledger.shard() and r.day = t.day + n.after
      )
      and (
        n.after <= coalesce(w.days, 1)
        or exists (
          select from ledger.batch as b
          where b.operator_id = t.operator_id
            and b.occurred_until >= (t.day + n.after)::timestamp at time zone 'Europe/Kyiv'
            and b.occurred_from < (t.day + n.after + 1)::timestamp at time zone 'Europe/Kyiv'
            and exists (select from unnest(b.totals) as u where u.cancelled_count > 0)
        )
      )
    on conflict do nothing;
    update rollup.round_progress set counted_until = over;
  end if;
  while rollup.player_day_closes(closed) > over loop
    closed := closed - 1;
  end loop;
  delete from rollup.round_due as d where d.day < horizon;
  select max(d.day) into one_day
  from rollup.round_due as d
  where d.day <= closed and not exists (
    select from rollup.matched_day as m
    where m.day = d.day and m.counted_at > transaction_timestamp() - p_again
  );
  if one_day is null then
    return null;
  end if;
  with taken as (
    delete from rollup.round_due as d where d.day = one_day returning d.operator_id
  )
  select array_agg(t.operator_id) into operators from taken as t;
  return rollup.count_round_day(one_day, operators);
end
$body$;
alter function maintenance.count_some_rounds(timestamptz, interval) owner to dozir_writer;
comment on function maintenance.count_some_rounds(timestamptz, interval) is
  'Counts the rounds of the newest closed day that is due; how many rows, null when none is due.';
