create or replace function api.stakes_and_winnings(
  p_from date,
  p_to date,
  p_by text default 'day',
  p_operators integer[] default null,
  p_gambling_types smallint[] default null,
  p_currency smallint default 980
) returns table (
    key text,
    bet_count bigint,
    stake_minor bigint,
    win_count bigint,
    win_minor bigint,
    refund_count bigint,
    refund_minor bigint,
    net_stake_minor bigint,
    ggr_minor bigint,
    rtp_percent numeric,
    hold_percent numeric,
    average_stake_minor bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Stakes and winnings of a period of whole days of Europe/Kyiv, both ends included, in one currency.
-- p_by says what a row stands for and what its key is:
--   day (2026-11-20), hour (2026-11-20T09:00:00Z), operator, gambling_type, licence, channel (ids)
-- Amounts in minor units; net stake = stake - refund, GGR = net stake - win,
-- RTP = 100 win / net stake, hold = 100 - RTP, average stake = net stake / (bets - refunds); a ratio
-- without a positive denominator is null. Raises DZV01 for a period that is reversed or too long.
declare
  moment_from constant timestamptz := p_from::timestamp at time zone 'Europe/Kyiv';
  moment_until constant timestamptz := (p_to + 1)::timestamp at time zone 'Europe/Kyiv';
begin
  if p_to < p_from then
    raise exception using errcode = 'DZV01', message = 'the period is reversed';
  elsif p_by in ('hour', 'channel') and p_to - p_from > 92 then
    raise exception using errcode = 'DZV01', message = 'by hour or channel at most 93 days';
  elsif p_to - p_from > 3660 then
    raise exception using errcode = 'DZV01', message = 'at most ten years';
  elsif p_by is null
    or not p_by = any (array['day', 'hour', 'operator', 'gambling_type', 'licence', 'channel']) then
    raise exception using errcode = 'DZV02', message = 'unknown grouping';
  end if;
  return query
  with counted as (
    select
      case p_by
        when 'day' then r.day::text
        when 'operator' then r.operator_id::text
        when 'gambling_type' then r.gambling_type_id::text
        else r.licence_id::text
      end as key,
      r.bet_count, r.bet_minor, r.win_count, r.win_minor, r.refund_count, r.refund_minor
    from api.rollup_day as r
    where p_by not in ('hour', 'channel')
      and r.day >= p_from and r.day <= p_to
      and r.currency = p_currency
      and (p_operators is null or r.operator_id = any (p_operators))
      and (p_gambling_types is null or r.gambling_type_id = any (p_gambling_types))
    union all
    select
      case p_by
        when 'hour' then to_char(r.hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        else r.channel_id::text
      end,
      r.bet_count, r.bet_minor, r.win_count, r.win_minor, r.refund_count, r.refund_minor
    from api.rollup_hour as r
    where p_by in ('hour', 'channel')
      and r.hour >= moment_from and r.hour < moment_until
      and r.currency = p_currency
      and (p_operators is null or r.operator_id = any (p_operators))
      and (p_gambling_types is null or r.gambling_type_id = any (p_gambling_types))
  ),
  summed as (
    select
      c.key, sum(c.bet_count)::bigint as bets, sum(c.bet_minor)::bigint as stake,
      sum(c.win_count)::bigint as wins, sum(c.win_minor)::bigint as win,
      sum(c.refund_count)::bigint as refunds, sum(c.refund_minor)::bigint as refund
    from counted as c
    group by c.key
  )
  select
    s.key, s.bets, s.stake, s.wins, s.win, s.refunds, s.refund, s.stake - s.refund,
    s.stake - s.refund - s.win,
    case when s.stake - s.refund > 0
      then round(100 * s.win::numeric / (s.stake - s.refund), 4) end,
    case when s.stake - s.refund > 0
      then round(100 - 100 * s.win::numeric / (s.stake - s.refund), 4) end,
    case when s.bets - s.refunds > 0
      then round((s.stake - s.refund)::numeric / (s.bets - s.refunds))::bigint end
  from summed as s
  order by s.key;
end
$body$;
comment on function api.stakes_and_winnings(date, date, text, integer[], smallint[], smallint) is
  'Stakes, winnings, refunds and GGR of a period by day, hour, operator, type, licence or channel.';
