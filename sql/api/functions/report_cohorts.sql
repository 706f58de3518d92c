create or replace function api.report_cohorts(
  p_first date, p_last date, p_by text[], p_operators integer[], p_gambling_types smallint[],
  p_currency smallint
) returns table (
    key_1 bigint, key_2 bigint, key_3 bigint, active_count bigint, net_stake_minor bigint, ggr_minor bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Accounts and their play by the month of their first bet (cohort), under the keys of reports: of the whole
-- months of the period, of one under way up to its last closed day. By kind of gambling, the first bet is that on
-- the kind. What a report holds besides (parts of months, days that are open, accounts that never bet) is told
-- under - 1, so that rows add up to the total. Accounts of several months in one row cannot be added up: null.
declare
  today constant date := (statement_timestamp() at time zone 'Europe/Kyiv')::date;
  by_type constant boolean := 'gambling_type' = any (p_by);
  one_type constant smallint := coalesce(p_gambling_types[1], 0::smallint);
  months constant date[] := array(
    select m.start::date
    from generate_series(
      date_trunc('month', (p_first - 1)::timestamp) + interval '1 month', p_last::timestamp, interval '1 month'
    ) as m (start)
    where (m.start + interval '1 month')::date - 1 <= p_last or p_last >= today
  );
  counted constant boolean := 'month' = any (p_by) or cardinality(months) = 1;
begin
  return query
  with parts as (
    select c.month, c.cohort, c.operator_id, c.gambling_type_id as kind, c.account_count as accounts,
      0 as net_stake, 0 as ggr
    from api.account_cohort as c
    where c.month = any (months)
    union all
    select s.month, s.cohort, s.operator_id, s.gambling_type_id, 0, s.net_stake_minor, s.ggr_minor
    from api.cohort_sum as s
    where s.month = any (months) and s.currency = p_currency
  ),
  told as materialized (
    select
      case p_by[1] when 'cohort' then p.cohort - date '2000-01-01' else api.report_key(
        p_by[1], p.month, null, p.operator_id, p.kind, null, null, null, null, null, null) end as key_1,
      case p_by[2] when 'cohort' then p.cohort - date '2000-01-01' else api.report_key(
        p_by[2], p.month, null, p.operator_id, p.kind, null, null, null, null, null, null) end as key_2,
      case p_by[3] when 'cohort' then p.cohort - date '2000-01-01' else api.report_key(
        p_by[3], p.month, null, p.operator_id, p.kind, null, null, null, null, null, null) end as key_3,
      api.total(p.accounts) as accounts, api.total(p.net_stake) as net_stake, api.total(p.ggr) as ggr
    from parts as p
    where (p_operators is null or p.operator_id = any (p_operators))
      and case
        when by_type then p.kind <> 0 and (p_gambling_types is null or p.kind = any (p_gambling_types))
        else p.kind = one_type
      end
    group by 1, 2, 3
  ),
  rest as (
    select
      f.key_1, f.key_2, f.key_3, f.bet_minor - f.refund_minor as net_stake,
      f.bet_minor - f.refund_minor - f.win_minor as ggr
    from api.report_flows(
      p_first, p_last, p_by, p_operators, p_gambling_types, null, null, null, p_currency, null) as f
    where not f.is_total
    union all
    select
      case p_by[1] when 'cohort' then -1 else t.key_1 end, case p_by[2] when 'cohort' then -1 else t.key_2 end,
      case p_by[3] when 'cohort' then -1 else t.key_3 end, -t.net_stake, -t.ggr
    from told as t
  )
  select
    t.key_1, t.key_2, t.key_3, case when counted then t.accounts end, t.net_stake, t.ggr
  from told as t
  union all
  select r.key_1, r.key_2, r.key_3, null, api.total(r.net_stake), api.total(r.ggr)
  from rest as r
  group by r.key_1, r.key_2, r.key_3
  having sum(r.net_stake) <> 0 or sum(r.ggr) <> 0;
end
$body$;
comment on function api.report_cohorts(date, date, text[], integer[], smallint[], smallint) is
  'Accounts, stakes and GGR by cohorts of accounts, under the keys of reports.';
