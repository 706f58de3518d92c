create or replace function report.count_declarations() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Counts the months anew of whose days one was declared or corrected. Their rows are locked first, in one
-- order: who declares another day of the same month waits, and counts what was declared before it.
declare
  operators constant integer[] := array(select distinct i.operator_id from inserted as i);
  first_month constant date := (select date_trunc('month', min(i.day)::timestamp) from inserted as i)::date;
  last_of_month constant date := (
    select date_trunc('month', max(i.day)::timestamp) + interval '1 month' from inserted as i)::date - 1;
begin
  insert into report.declared_days as d
  select
    i.operator_id, date_trunc('month', i.day::timestamp)::date, i.currency, 0, 0, 0, min(i.day), 0, 0
  from inserted as i
  group by 1, 2, 3
  order by 2, 1, 3
  on conflict (month, operator_id, currency) do update set last_day = d.last_day;
  update report.declared_days as d set
    days = r.days, ggr_minor = r.ggr_minor, balance_change_minor = r.balance_change_minor,
    last_day = r.last_day, closing_balance_minor = r.closing_balance_minor,
    open_bets_minor = r.open_bets_minor
  from report.recount_declared_days(first_month, last_of_month, operators) as r
  where r.operator_id = d.operator_id and r.month = d.month and r.currency = d.currency;
  return null;
end
$body$;
alter function report.count_declarations() owner to dozir_writer;
comment on function report.count_declarations() is
  'Keeps report.declared_days as a day is declared or corrected, in the same transaction.';
