create or replace function rollup.spread_accounts(p_grain text, p_start date, p_until date)
  returns setof rollup.account_spread
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
  set enable_nestloop = off
as $body$
-- How many accounts there are cannot be estimated: no join of many with many may be a loop.
-- How play was spread over the accounts that were active from p_start to p_until, by currency: for each
-- operator and for all (0), for each gambling type and for all (0). GGR of an account = stake - refund
-- - win. Of n accounts in the order of their GGR, only what is positive of it summed up:
--   top1, top10     the last ceil(n / 100), the last ceil(n / 10) of them
--   lorenz          element k: the first floor(n k / 20) of them
begin
  return query
  with played as materialized (
    select
      d.operator_id, d.player, d.gambling_type_id as kind, d.currency,
      bool_or(d.bets > 0) as active, sum(d.stake_minor)::bigint as stake,
      sum(d.stake_minor - d.refund_minor - d.win_minor)::bigint as ggr,
      sum(d.night_stake_minor)::bigint as night
    from rollup.player_day as d
    where d.day >= p_start and d.day <= p_until and d.shard = ledger.shard()
    group by d.operator_id, d.player, d.gambling_type_id, d.currency
  ),
  accounts as (
    select p.operator_id, p.kind, p.currency, p.active, p.stake, p.ggr, p.night from played as p
    union all
    select
      p.operator_id, 0::smallint, p.currency, bool_or(p.active), sum(p.stake)::bigint,
      sum(p.ggr)::bigint, sum(p.night)::bigint
    from played as p
    group by p.operator_id, p.player, p.currency
  ),
  placed as (
    select
      o.operator_id, a.kind, a.currency, a.stake, a.ggr, a.night, greatest(a.ggr, 0) as gain,
      row_number() over (
        partition by o.operator_id, a.kind, a.currency order by a.ggr
      ) as place,
      count(*) over (partition by o.operator_id, a.kind, a.currency) as n
    from accounts as a
    cross join lateral (values (a.operator_id), (0)) as o (operator_id)
    where a.active
  ),
  parts as materialized (
    -- Twentieths: an account is in the first for which place <= floor(n k / 20).
    select
      p.operator_id, p.kind, p.currency, p.n, (20 * p.place + p.n - 1) / p.n as part,
      count(*) filter (where p.night > 0) as nights, sum(p.stake) as stake, sum(p.night) as night,
      sum(p.ggr) as ggr, sum(p.gain) as gain,
      coalesce(sum(p.gain) filter (where p.place > p.n - (p.n + 99) / 100), 0) as top1,
      coalesce(sum(p.gain) filter (where p.place > p.n - (p.n + 9) / 10), 0) as top10,
      array[
        count(*) filter (where p.ggr > (rollup.loss_steps())[1]),
        count(*) filter (where p.ggr > (rollup.loss_steps())[2]),
        count(*) filter (where p.ggr > (rollup.loss_steps())[3]),
        count(*) filter (where p.ggr > (rollup.loss_steps())[4]),
        count(*) filter (where p.ggr > (rollup.loss_steps())[5])
      ] as losses
    from placed as p
    group by 1, 2, 3, 4, 5
  ),
  curves as (
    select c.operator_id, c.kind, c.currency, array_agg(c.gain order by c.part) as lorenz
    from (
      select
        k.operator_id, k.kind, k.currency, g.part,
        coalesce(sum(p.gain) over (
          partition by k.operator_id, k.kind, k.currency order by g.part
        ), 0)::bigint as gain
      from (select distinct x.operator_id, x.kind, x.currency from parts as x) as k
      cross join generate_series(1, 20) as g (part)
      left join parts as p
        on p.operator_id = k.operator_id and p.kind = k.kind and p.currency = k.currency
        and p.part = g.part
    ) as c
    group by c.operator_id, c.kind, c.currency
  )
  select
    p_grain, p_start, p.operator_id, ledger.shard(), p.kind, p.currency, p_until, p.n,
    sum(p.nights)::bigint, sum(p.stake)::bigint, sum(p.night)::bigint, sum(p.ggr)::bigint,
    sum(p.gain)::bigint, sum(p.top1)::bigint, sum(p.top10)::bigint, min(c.lorenz),
    rollup.loss_steps(),
    array[
      sum(p.losses[1]), sum(p.losses[2]), sum(p.losses[3]), sum(p.losses[4]), sum(p.losses[5])
    ]::bigint[]
  from parts as p
  join curves as c
    on c.operator_id = p.operator_id and c.kind = p.kind and c.currency = p.currency
  group by p.operator_id, p.kind, p.currency, p.n;
end
$body$;
comment on function rollup.spread_accounts(text, date, date) is
  'How play was spread over the accounts active in a period: what rollup.account_spread holds of it.';
