create or replace function api.mark_flows(
  p_first date, p_last date, p_by text[], p_operators integer[], p_gambling_types smallint[],
  p_licences integer[], p_channels integer[], p_currency smallint, p_as_of timestamptz, p_breach integer
) returns table (
    key_1 bigint, key_2 bigint, key_3 bigint, record_count bigint, bet_count bigint, bet_minor bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
  set work_mem = '64MB'
  -- Groups are guessed far too few, and what can be hashed would be sorted.
  set enable_sort = off
as $body$
-- Records under one of the marks p_breach and the bets among them, under up to three keys of api.report_flows from
-- the day on; cancelling ones are subtracted in their own hour. As of a moment it is what that one tells; up to
-- now a query of its own, which is planned in a fraction of the time and adds up a third of the sums.
declare
  -- The months read whole: from the first until before the second.
  month_from date := p_first;
  month_until date := p_first;
begin
  if p_as_of is not null then
    return query
    select
      x.key_1, x.key_2, x.key_3, x.bet_count + x.win_count + x.refund_count + x.deposit_count + x.withdrawal_count,
      x.bet_count, x.bet_minor
    from api.report_flows(
      p_first, p_last, p_by, p_operators, p_gambling_types, p_licences, p_channels, null, p_currency, p_as_of,
      p_breach => p_breach) as x
    where not x.is_total;
    return;
  end if;
  if not p_by && array['day', 'week'] then
    select m.month_from, m.month_until into month_from, month_until
    from api.whole_months(p_first, p_last, not exists (
      select from api.rollup_day as r
      where r.day > p_last and r.day < (date_trunc('month', p_last::timestamp) + interval '1 month')::date
    )) as m;
  end if;
  return query
  select
    k.key_1, k.key_2, k.key_3, api.total(k.record_count), api.total(k.bet_count), api.total(k.bet_minor)
  from (
    select
      api.report_key(
        p_by[1], f.day, null, f.operator_id, f.gambling_type_id, f.licence_id, f.channel_id, null, f.breach, null, null
      ) as key_1,
      api.report_key(
        p_by[2], f.day, null, f.operator_id, f.gambling_type_id, f.licence_id, f.channel_id, null, f.breach, null, null
      ) as key_2,
      api.report_key(
        p_by[3], f.day, null, f.operator_id, f.gambling_type_id, f.licence_id, f.channel_id, null, f.breach, null, null
      ) as key_3,
      f.record_count, f.bet_count, f.bet_minor
    from api.marked_rows(
      p_first, p_last, month_from, month_until, p_operators, p_gambling_types, p_licences, p_channels, p_currency,
      p_breach) as f
  ) as k
  group by k.key_1, k.key_2, k.key_3;
end
$body$;
comment on function api.mark_flows(
  date, date, text[], integer[], smallint[], integer[], integer[], smallint, timestamptz, integer
) is 'Marked records and what was bet among them, under up to three keys.';
