create or replace function maintenance.measure_next_open_bets() returns integer
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Measures one operator's open bets at the beginning of one month: the oldest that was never measured,
-- or is to be measured again (a week later, and finally when its window is over). Only months whose raw
-- rows are all here. Returns the number of rows written; null where nothing is due.
declare
  horizon constant timestamptz := (
    select coalesce(max(a.archived_until), '-infinity') from ledger.archive as a
  );
  this_month constant date :=
    date_trunc('month', transaction_timestamp() at time zone 'Europe/Kyiv')::date;
  due record;
begin
  select o.id as operator_id, m.month::date as month into due
  from registry.operator as o
  cross join lateral (
    select min(r.day) as first_day from rollup.day as r where r.operator_id = o.id
  ) as f
  cross join lateral (
    select max(s.window_days) as days from report.settlement_rule as s
    join registry.licence as l on l.gambling_type_id = s.gambling_type_id
    where l.operator_id = o.id
  ) as w
  cross join lateral generate_series(
    date_trunc('month', f.first_day::timestamp) + interval '1 month', this_month::timestamp,
    interval '1 month'
  ) as m (month)
  where (m.month at time zone 'Europe/Kyiv') - make_interval(days => w.days) >= horizon
    and not exists (
      select from rollup.open_bets as b
      where b.operator_id = o.id and b.month = m.month::date
        and b.measured_at > transaction_timestamp() - interval '7 days'
        and (b.measured_at >= (m.month at time zone 'Europe/Kyiv') + make_interval(days => w.days + 1)
          or transaction_timestamp()
            < (m.month at time zone 'Europe/Kyiv') + make_interval(days => w.days + 1))
    )
    and not exists (
      select from rollup.open_bets as b
      where b.operator_id = o.id and b.month = m.month::date
        and b.measured_at >= (m.month at time zone 'Europe/Kyiv') + make_interval(days => w.days + 1)
    )
  order by m.month, o.id
  limit 1;
  if not found then
    return null;
  end if;
  return rollup.measure_open_bets(due.operator_id, due.month);
end
$body$;
alter function maintenance.measure_next_open_bets() owner to dozir_writer;
comment on function maintenance.measure_next_open_bets() is
  'Measures the open bets of the operator and month whose turn it is; null where none is due.';
