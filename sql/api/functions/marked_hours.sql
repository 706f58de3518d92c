create or replace function api.marked_hours(
  p_first date, p_last date, p_operators integer[], p_gambling_types smallint[], p_licences integer[],
  p_channels integer[], p_currency smallint, p_breach integer
) returns table (
    operator_id integer, gambling_type_id smallint, licence_id integer, channel_id integer, breach smallint,
    bet_count bigint, bet_minor bigint, day date, record_count bigint
  )
  language sql stable
-- What api.marked_rows adds to days and months: what arrived in hours that are not in them yet. Inlined, too.
begin atomic
  select
    r.operator_id, r.gambling_type_id, r.licence_id, r.channel_id, r.breach, r.bet_count, r.bet_minor,
    (r.hour at time zone 'Europe/Kyiv')::date as day,
    r.bet_count + r.win_count + r.refund_count + r.deposit_count + r.withdrawal_count as record_count
  from api.rollup_hour as r
  where r.received_hour >= api.games_counted_until()
    -- As no index is asked: the planner would look for the hours of the period, too, which are many more.
    and r.hour >= all(array[p_first::timestamp at time zone 'Europe/Kyiv'])
    and r.hour < all(array[(p_last + 1)::timestamp at time zone 'Europe/Kyiv'])
    and r.currency = p_currency
    and (p_operators is null or r.operator_id = any(p_operators))
    and (p_gambling_types is null or r.gambling_type_id = any(p_gambling_types))
    and (p_licences is null or r.licence_id = any(p_licences))
    and (p_channels is null or r.channel_id = any(p_channels))
    -- The first condition finds the index.
    and r.breach <> 0
    and r.breach & p_breach <> 0;
end;
comment on function api.marked_hours(
  date, date, integer[], smallint[], integer[], integer[], smallint, integer
) is 'Marked records of the period that arrived in the hour that goes on.';
