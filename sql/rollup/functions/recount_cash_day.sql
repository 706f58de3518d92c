create or replace function rollup.recount_cash_day(p_day date) returns setof rollup.cash_day
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
  set enable_nestloop = off
as $body$
-- Of a day of Europe/Kyiv and of hryvnias: deposits of the limit or more (from raw rows; one that takes another
-- back counts negative in its own day), and accounts through which money passed, that is which paid in at least
-- so much, staked less than such a share of it (stakes less refunds) and drew out more than such a share (from
-- rollup.player_day). Null where no limit holds. An operator has a row if a record of its players is of the day.
declare
  moment_from constant timestamptz := p_day::timestamp at time zone 'Europe/Kyiv';
  moment_until constant timestamptz := (p_day + 1)::timestamp at time zone 'Europe/Kyiv';
  hryvnia constant smallint := 980::smallint;
  limits record;
begin
  select l.* into limits from rollup.cash_limits(p_day) as l;
  return query
  with large as (
    select t.operator_id, sum(s.sign) as number, sum(s.sign * t.amount_minor) as minor
    from ledger.transaction as t
    cross join lateral (select case when t.cancel_reason = 0 then 1 else -1 end as sign) as s
    where t.occurred_at >= moment_from and t.occurred_at < moment_until and t.type = 4
      and t.currency = hryvnia and t.amount_minor >= limits.large_deposit
    group by t.operator_id
  ),
  accounts as (
    select
      d.operator_id, sum(d.deposit_minor) as deposit, sum(d.withdrawal_minor) as withdrawal,
      sum(d.stake_minor - d.refund_minor) as staked
    from rollup.player_day as d
    where d.day = p_day and d.currency = hryvnia and d.shard = ledger.shard()
    group by d.operator_id, d.player
  ),
  passed as (
    select
      a.operator_id,
      count(*) filter (
        where a.deposit >= limits.pass_deposit and a.staked * 1000000 < limits.pass_stake * a.deposit
          and a.withdrawal * 1000000 > limits.pass_withdrawal * a.deposit
      ) as number
    from accounts as a
    group by a.operator_id
  )
  select
    coalesce(p.operator_id, l.operator_id), ledger.shard(), p_day,
    case when limits.large_deposit is not null then coalesce(l.number, 0) end::bigint,
    case when limits.large_deposit is not null then coalesce(l.minor, 0) end::bigint,
    case when num_nulls(limits.pass_deposit, limits.pass_stake, limits.pass_withdrawal) = 0
      then coalesce(p.number, 0) end
  from passed as p
  full join large as l on l.operator_id = p.operator_id;
end
$body$;
comment on function rollup.recount_cash_day(date) is
  'What rollup.cash_day must hold of a day, from raw rows and accounts.';
