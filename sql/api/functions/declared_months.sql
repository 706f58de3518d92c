create or replace function api.declared_months(
  p_first date, p_last date, p_operators integer[] default null, p_currency smallint default 980
) returns table (
    operator_id integer, month date, gambling_type_id smallint, state text, late boolean,
    due_at timestamptz, version smallint, declared_at timestamptz, basis text,
    declared_ggr_minor bigint, observed_ggr_minor bigint, difference_minor bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- The GGR that operators declared of months of Europe/Kyiv beside the cash GGR of what was received, by
-- kind of gambling; the months of p_first and p_last and all between, 24 at most. A month is here that
-- was declared or in which something was received. state: missing, awaited, differs, matches; of a
-- declaration on the settlement basis "settlement": it is compared in api.settlement_bridge, and
-- difference is what lies between the two bases. Raises DZV01 for a period reversed or too long.
declare
  first_month constant date := date_trunc('month', p_first::timestamp)::date;
  last_month constant date := date_trunc('month', p_last::timestamp)::date;
  this_month constant date :=
    date_trunc('month', statement_timestamp() at time zone 'Europe/Kyiv')::date;
begin
  if p_first is null or p_last is null or p_last < p_first then
    raise exception using errcode = 'DZV01', message = 'the period is reversed';
  elsif p_first < '2000-01-01' or p_last > '2199-12-31'
    or last_month >= first_month + interval '24 months' then
    raise exception using errcode = 'DZV01', message = 'at most 24 months';
  end if;
  return query
  with declared as (
    select distinct on (d.operator_id, d.month, d.gambling_type_id)
      d.*, first_value(d.declared_at) over (
        partition by d.operator_id, d.month, d.gambling_type_id order by d.version
      ) as first_declared_at
    from api.declared_month as d
    where d.month >= first_month and d.month <= last_month and d.currency = p_currency
      and (p_operators is null or d.operator_id = any (p_operators))
    order by d.operator_id, d.month, d.gambling_type_id, d.version desc
  ),
  observed as (
    select
      r.operator_id, date_trunc('month', r.day::timestamp)::date as month, r.gambling_type_id,
      sum(r.bet_minor - r.refund_minor - r.win_minor)::bigint as ggr
    from api.rollup_day as r
    where r.day >= first_month and r.day < least(last_month + interval '1 month', this_month)::date
      and r.currency = p_currency
      and (p_operators is null or r.operator_id = any (p_operators))
    group by 1, 2, 3
  ),
  keyed as (
    select o.operator_id, o.month, o.gambling_type_id from observed as o
    union select d.operator_id, d.month, d.gambling_type_id from declared as d
  ),
  judged as (
    select
      k.operator_id as whose, k.month as which, k.gambling_type_id as of_type, d.version as number,
      d.declared_at as told_at, d.basis as by_basis, d.ggr_minor as told,
      coalesce(o.ggr, 0) as counted,
      ((k.month + interval '1 month')::date + l.days)::timestamp at time zone 'Europe/Kyiv' as due,
      d.first_declared_at as told_first
    from keyed as k
    left join declared as d on d.operator_id = k.operator_id and d.month = k.month
      and d.gambling_type_id = k.gambling_type_id
    left join observed as o on o.operator_id = k.operator_id and o.month = k.month
      and o.gambling_type_id = k.gambling_type_id
    left join lateral (
      select x.days from api.declaration_deadline as x
      where x.period = 'month' and x.valid_from <= k.month order by x.valid_from desc limit 1
    ) as l on true
  )
  select
    j.whose, j.which, j.of_type,
    case
      when j.number is null and statement_timestamp() >= j.due then 'missing'
      when j.number is null then 'awaited'
      when j.by_basis = 'settlement' then 'settlement'
      when j.told <> j.counted then 'differs'
      else 'matches'
    end,
    coalesce(j.told_first >= j.due, false), j.due, j.number, j.told_at, j.by_basis, j.told, j.counted,
    j.told - j.counted
  from judged as j
  order by j.which desc, j.whose, j.of_type;
end
$body$;
comment on function api.declared_months(date, date, integer[], smallint) is
  'Declared GGR of months beside what was received, by kind of gambling.';
