create or replace function rollup.measure_open_bets(p_operator_id integer, p_month date) returns integer
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Measures what an operator's players had staked and not yet learned the result of as a month of
-- Europe/Kyiv began, from raw rows of the window round that moment (report.settlement_rule), and writes
-- it into rollup.open_bets. A bet is open when it was placed before, not taken back before, and no win or
-- refund of its round came from the bet on until the moment. It is proven when one came after, or when it
-- was taken back after. The window bounds what is read. Returns the number of rows written.
declare
  began constant timestamptz := p_month::timestamp at time zone 'Europe/Kyiv';
  rule record;
  licences integer[];
  since timestamptz;
  until timestamptz;
  first_batch bigint;
  last_batch bigint;
  written integer := 0;
  done integer;
begin
  for rule in
    select r.gambling_type_id, r.window_days, r.unresolved_may_be_open from report.settlement_rule as r
    where exists (
      select from registry.licence as l
      where l.operator_id = p_operator_id and l.gambling_type_id = r.gambling_type_id
    )
    order by r.gambling_type_id
  loop
    licences := array(
      select l.id from registry.licence as l
      where l.operator_id = p_operator_id and l.gambling_type_id = rule.gambling_type_id
    );
    since := began - make_interval(days => rule.window_days);
    until := began + make_interval(days => rule.window_days);
    select min(b.id), max(b.id) into first_batch, last_batch from ledger.batch as b
    where b.operator_id = p_operator_id and b.occurred_until >= since and b.occurred_from < until;
    insert into rollup.open_bets as o (
      operator_id, shard, month, gambling_type_id, currency, proven_count, proven_minor,
      unresolved_count, unresolved_minor, voided_count, voided_minor, won_count, won_minor, final
    )
    with own as materialized (
      select t.type, t.round_id, t.currency, t.amount_minor, t.occurred_at, t.id, t.cancels, t.cancel_reason
      from ledger.transaction as t
      where t.operator_id = p_operator_id and t.occurred_at >= since and t.occurred_at < until
        and t.batch_id >= first_batch and t.batch_id <= last_batch
        and t.type in (1, 2, 3) and t.licence_id = any (licences)
    ),
    effective as materialized (
      select o.type, o.round_id, o.currency, o.amount_minor, o.occurred_at, c.occurred_at as taken_back_at
      from own as o
      left join own as c on c.cancels = o.id and c.cancel_reason <> 0
      where o.cancel_reason = 0
    ),
    result as (
      select
        e.round_id, e.currency,
        max(e.occurred_at) filter (
          where e.occurred_at < began and (e.taken_back_at is null or e.taken_back_at >= began)
        ) as last_before,
        count(*) filter (where r.after) as after_count,
        count(*) filter (where r.after and e.type = 3) as refund_count,
        coalesce(sum(e.amount_minor) filter (where r.after and e.type = 3), 0) as refund_minor,
        count(*) filter (where r.after and e.type = 2) as win_count,
        coalesce(sum(e.amount_minor) filter (where r.after and e.type = 2), 0) as win_minor
      from effective as e
      cross join lateral (
        select e.occurred_at >= began and e.taken_back_at is null as after
      ) as r
      where e.type in (2, 3)
      group by e.round_id, e.currency
    ),
    open as (
      select
        e.round_id, e.currency, count(*) as bets, sum(e.amount_minor) as minor,
        count(*) filter (where e.taken_back_at is not null) as taken_back,
        coalesce(sum(e.amount_minor) filter (where e.taken_back_at is not null), 0) as taken_back_minor,
        coalesce(max(r.after_count), 0) > 0 as resolved,
        coalesce(max(r.refund_count), 0) as refund_count, coalesce(max(r.refund_minor), 0) as refund_minor,
        coalesce(max(r.win_count), 0) as win_count, coalesce(max(r.win_minor), 0) as win_minor
      from effective as e
      left join result as r on r.round_id = e.round_id and r.currency = e.currency
      where e.type = 1 and e.occurred_at < began
        and (e.taken_back_at is null or e.taken_back_at >= began)
        and (r.last_before is null or r.last_before < e.occurred_at)
      group by e.round_id, e.currency
    ),
    by_currency as (
      select
        o.currency,
        sum(case when o.resolved then o.bets else o.taken_back end) as proven_count,
        sum(case when o.resolved then o.minor else o.taken_back_minor end) as proven_minor,
        sum(case when o.resolved then 0 else o.bets - o.taken_back end) as unresolved_count,
        sum(case when o.resolved then 0 else o.minor - o.taken_back_minor end) as unresolved_minor,
        sum(o.refund_count + o.taken_back) as voided_count,
        sum(o.refund_minor + o.taken_back_minor) as voided_minor,
        sum(o.win_count) as won_count, sum(o.win_minor) as won_minor
      from open as o group by o.currency
    )
    select
      p_operator_id, ledger.shard(), p_month, rule.gambling_type_id, k.currency,
      coalesce(c.proven_count, 0), coalesce(c.proven_minor, 0),
      case when rule.unresolved_may_be_open then coalesce(c.unresolved_count, 0) else 0 end,
      case when rule.unresolved_may_be_open then coalesce(c.unresolved_minor, 0) else 0 end,
      coalesce(c.voided_count, 0), coalesce(c.voided_minor, 0), coalesce(c.won_count, 0),
      coalesce(c.won_minor, 0), transaction_timestamp() >= until + interval '1 day'
    from (
      -- The hryvnia always, and whatever was measured before, so that nothing old is left standing.
      select 980::smallint as currency
      union select b.currency from by_currency as b
      union select m.currency from rollup.open_bets as m
      where m.operator_id = p_operator_id and m.month = p_month
        and m.gambling_type_id = rule.gambling_type_id
    ) as k
    left join by_currency as c on c.currency = k.currency
    on conflict (operator_id, shard, month, gambling_type_id, currency) do update set
      proven_count = excluded.proven_count, proven_minor = excluded.proven_minor,
      unresolved_count = excluded.unresolved_count, unresolved_minor = excluded.unresolved_minor,
      voided_count = excluded.voided_count, voided_minor = excluded.voided_minor,
      won_count = excluded.won_count, won_minor = excluded.won_minor,
      measured_at = transaction_timestamp(), final = excluded.final;
    get diagnostics done = row_count;
    written := written + done;
  end loop;
  return written;
end
$body$;
alter function rollup.measure_open_bets(integer, date) owner to dozir_writer;
comment on function rollup.measure_open_bets(integer, date) is
  'Measures an operator''s bets without a result as a month began, from raw rows round that moment.';
