create or replace function api.marked_rows(
  p_first date, p_last date, p_month_from date, p_month_until date, p_operators integer[],
  p_gambling_types smallint[], p_licences integer[], p_channels integer[], p_currency smallint,
  p_breach integer
) returns table (
    operator_id integer, gambling_type_id smallint, licence_id integer, channel_id integer, day date,
    breach smallint, record_count bigint, bet_count bigint, bet_minor bigint
  )
  language sql stable
-- Records under one of the marks p_breach up to now, as aggregates have them: months from p_month_from until
-- before p_month_until by month, under its first day, other days of the period by day. Cancelling ones are
-- subtracted in their own hour. Inlined, so that whoever asks adds up the rows as they are read.
begin atomic
  select
    r.operator_id, r.gambling_type_id, r.licence_id, r.channel_id, r.month as day, r.breach, r.record_count,
    r.bet_count, r.bet_minor
  from api.rollup_mark_month as r
  where r.month >= p_month_from and r.month < p_month_until
    and r.currency = p_currency
    and (p_operators is null or r.operator_id = any(p_operators))
    and (p_gambling_types is null or r.gambling_type_id = any(p_gambling_types))
    and (p_licences is null or r.licence_id = any(p_licences))
    and (p_channels is null or r.channel_id = any(p_channels))
    and r.breach & p_breach <> 0
  union all
  select
    r.operator_id, r.gambling_type_id, r.licence_id, r.channel_id, r.day, r.breach,
    r.bet_count + r.win_count + r.refund_count + r.deposit_count + r.withdrawal_count as record_count,
    r.bet_count, r.bet_minor
  from api.rollup_mark_day as r
  where (r.day >= p_first and r.day < p_month_from or r.day >= p_month_until and r.day <= p_last)
    and r.currency = p_currency
    and (p_operators is null or r.operator_id = any(p_operators))
    and (p_gambling_types is null or r.gambling_type_id = any(p_gambling_types))
    and (p_licences is null or r.licence_id = any(p_licences))
    and (p_channels is null or r.channel_id = any(p_channels))
    and r.breach & p_breach <> 0
  union all
  select
    r.operator_id, r.gambling_type_id, r.licence_id, r.channel_id, r.day, r.breach, r.record_count,
    r.bet_count, r.bet_minor
  from api.marked_hours(
    p_first, p_last, p_operators, p_gambling_types, p_licences, p_channels, p_currency, p_breach) as r;
end;
comment on function api.marked_rows(
  date, date, date, date, integer[], smallint[], integer[], integer[], smallint, integer
) is 'Marked records up to now, as aggregates have them by month, day and hour.';
