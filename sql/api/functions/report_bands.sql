create or replace function api.report_bands(
  p_first date, p_last date, p_by text[], p_operators integer[], p_currency smallint
) returns table (
    key_1 bigint, key_2 bigint, key_3 bigint, deposit_count bigint, deposit_minor bigint,
    withdrawal_count bigint, withdrawal_minor bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Deposits and withdrawals by bands of amounts, under the keys of reports. Days are counted by amount once they
-- have closed: what a report holds besides, of days that are not, or that came since, is told under - 1, so
-- that rows add up to the total.
begin
  return query
  with told as materialized (
    select
      case p_by[1] when 'amount_band' then b.band else api.report_key(
        p_by[1], b.day, null, b.operator_id, null, null, null, null, null, null, null) end as key_1,
      case p_by[2] when 'amount_band' then b.band else api.report_key(
        p_by[2], b.day, null, b.operator_id, null, null, null, null, null, null, null) end as key_2,
      case p_by[3] when 'amount_band' then b.band else api.report_key(
        p_by[3], b.day, null, b.operator_id, null, null, null, null, null, null, null) end as key_3,
      api.total(b.deposit_count) as deposits, api.total(b.deposit_minor) as deposit,
      api.total(b.withdrawal_count) as withdrawals, api.total(b.withdrawal_minor) as withdrawal
    from api.cash_band_day as b
    where b.day >= p_first and b.day <= p_last and b.currency = p_currency
      and (p_operators is null or b.operator_id = any (p_operators))
    group by 1, 2, 3
  ),
  rest as (
    -- What is not in a report's rollups has - 1 as its key.
    select
      f.key_1, f.key_2, f.key_3, f.deposit_count as deposits, f.deposit_minor as deposit,
      f.withdrawal_count as withdrawals, f.withdrawal_minor as withdrawal
    from api.report_flows(
      p_first, p_last, p_by, p_operators, null, null, null, null, p_currency, null) as f
    where not f.is_total
    union all
    select
      case p_by[1] when 'amount_band' then -1 else t.key_1 end,
      case p_by[2] when 'amount_band' then -1 else t.key_2 end,
      case p_by[3] when 'amount_band' then -1 else t.key_3 end,
      -t.deposits, -t.deposit, -t.withdrawals, -t.withdrawal
    from told as t
  )
  select t.key_1, t.key_2, t.key_3, t.deposits, t.deposit, t.withdrawals, t.withdrawal
  from told as t
  union all
  select
    r.key_1, r.key_2, r.key_3, api.total(r.deposits), api.total(r.deposit), api.total(r.withdrawals),
    api.total(r.withdrawal)
  from rest as r
  group by r.key_1, r.key_2, r.key_3
  having
    sum(r.deposits) <> 0 or sum(r.deposit) <> 0 or sum(r.withdrawals) <> 0 or sum(r.withdrawal) <> 0;
end
$body$;
comment on function api.report_bands(date, date, text[], integer[], smallint) is
  'Deposits and withdrawals by bands of amounts, under the keys of reports.';
