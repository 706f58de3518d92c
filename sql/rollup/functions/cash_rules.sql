create or replace function rollup.cash_rules(p_day date) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $body$
-- What holds on a day for the counting of its deposits and withdrawals: a day that was counted by other rules
-- is counted anew.
begin
  return (
    select jsonb_build_object(
      'bands', (
        select jsonb_agg(b.id order by b.id) from report.amount_band as b
        where b.valid_from = (
          select max(x.valid_from) from report.amount_band as x where x.valid_from <= p_day)),
      'limits', l.ids)
    from rollup.cash_limits(p_day) as l
  );
end
$body$;
comment on function rollup.cash_rules(date) is
  'The rules by which deposits and withdrawals of a day are counted.';
