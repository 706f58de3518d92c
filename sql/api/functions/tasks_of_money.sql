create or replace function api.tasks_of_money(p_kinds text[])
  returns table (
    kind text, severity smallint, operator_id integer, subject text, quantity bigint,
    since timestamptz, facts jsonb
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Tasks about money, of the kinds asked for; see api.tasks_today for the columns.
--   breaches   records of today under a breach mark, by operator and bit (subject) and currency
--   yesterday  revenue of yesterday beside the same weekday a week earlier, by currency (subject);
--              quantity: records of yesterday that came after its end
declare
  moment constant timestamptz := statement_timestamp();
  today constant date := (moment at time zone 'Europe/Kyiv')::date;
  midnight constant timestamptz := today::timestamp at time zone 'Europe/Kyiv';
begin
  if 'breaches' = any (p_kinds) then
    return query
    select
      'breaches', case b.bit when 1 then 1 else 2 end::smallint, r.operator_id, b.bit::text,
      sum(r.bet_count + r.win_count + r.refund_count + r.deposit_count + r.withdrawal_count)::bigint,
      min(r.hour),
      jsonb_build_object('currency', r.currency, 'stake_minor', sum(r.bet_minor))
    from api.rollup_hour as r
    join (values (1), (2), (4)) as b (bit) on r.breach & b.bit <> 0
    where r.hour >= midnight and r.hour <= moment + interval '1 hour'
      and r.breach <> 0 and r.breach & 7 <> 0
    group by r.operator_id, b.bit, r.currency
    having sum(
      r.bet_count + r.win_count + r.refund_count + r.deposit_count + r.withdrawal_count) > 0;
  end if;
  if 'yesterday' = any (p_kinds) then
    return query
    select
      'yesterday',
      case when d.before <> 0 and abs(d.ggr - d.before) * 4 >= abs(d.before) then 2 else 3
      end::smallint,
      0, d.currency::text, d.afterwards, midnight,
      jsonb_build_object(
        'day', today - 1, 'ggr_minor', d.ggr, 'stake_minor', d.stake, 'before_minor', d.before,
        'change_percent', round(100.0 * (d.ggr - d.before) / nullif(abs(d.before), 0), 1))
    from (
      select
        r.currency,
        coalesce(sum(r.bet_minor - r.refund_minor - r.win_minor)
          filter (where r.day = today - 1), 0) as ggr,
        coalesce(sum(r.bet_minor) filter (where r.day = today - 1), 0) as stake,
        coalesce(sum(r.bet_minor - r.refund_minor - r.win_minor)
          filter (where r.day = today - 8), 0) as before,
        coalesce(sum(
          r.bet_count + r.win_count + r.refund_count + r.deposit_count + r.withdrawal_count)
          filter (where r.day = today - 1 and r.received_day > r.day), 0)::bigint as afterwards,
        count(*) filter (where r.day = today - 1) as rows_of_yesterday
      from api.rollup_day as r where r.day = any (array[today - 1, today - 8])
      group by r.currency
    ) as d
    where d.rows_of_yesterday > 0;
  end if;
end
$body$;
comment on function api.tasks_of_money(text[]) is
  'Tasks about money: breach marks of today, revenue of yesterday; only of the caller''s rows.';
