create or replace function rollup.recount_cash_bands(p_day date) returns setof rollup.cash_band_day
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Deposits and withdrawals of a day of Europe/Kyiv by bands of amounts, from the raw rows. A record that takes
-- another back counts negative in its own day, under the band of its own amount.
declare
  moment_from constant timestamptz := p_day::timestamp at time zone 'Europe/Kyiv';
  moment_until constant timestamptz := (p_day + 1)::timestamp at time zone 'Europe/Kyiv';
  bounds bigint[];
  bands smallint[];
begin
  select array_agg(b.from_minor order by b.from_minor), array_agg(b.id order by b.from_minor)
  into bounds, bands
  from report.amount_band as b
  where b.valid_from = (select max(x.valid_from) from report.amount_band as x where x.valid_from <= p_day);
  return query
  select
    t.operator_id, ledger.shard(), p_day, t.currency, bands[width_bucket(t.amount_minor, bounds)],
    coalesce(sum(s.sign) filter (where t.type = 4), 0)::bigint,
    coalesce(sum(s.sign * t.amount_minor) filter (where t.type = 4), 0)::bigint,
    coalesce(sum(s.sign) filter (where t.type = 5), 0)::bigint,
    coalesce(sum(s.sign * t.amount_minor) filter (where t.type = 5), 0)::bigint
  from ledger.transaction as t
  cross join lateral (select case when t.cancel_reason = 0 then 1 else -1 end as sign) as s
  where t.occurred_at >= moment_from and t.occurred_at < moment_until and t.type in (4, 5)
  group by t.operator_id, t.currency, 5;
end
$body$;
comment on function rollup.recount_cash_bands(date) is
  'What rollup.cash_band_day must hold of a day, from raw rows.';
