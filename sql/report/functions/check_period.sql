create or replace function report.check_period(
  p_operator_id integer, p_last date, p_currency smallint
) returns void
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Whether an operator may declare something of a period that ends with a day. Raises DZR01 (no operator), DZD01 (the
-- period is not over), DZD02 (it lies before the operator's first licence), DZD06 (no such currency).
declare
  licensed constant date := (
    select min((l.valid_from at time zone 'Europe/Kyiv')::date)
    from registry.licence as l where l.operator_id = p_operator_id
  );
begin
  if p_operator_id is null then
    raise exception using errcode = 'DZR01', message = 'no operator';
  elsif p_last is null or p_last >= (transaction_timestamp() at time zone 'Europe/Kyiv')::date then
    raise exception using errcode = 'DZD01', message = 'the period is not over';
  elsif licensed is null or p_last < licensed then
    raise exception using errcode = 'DZD02', message = 'the period lies before the first licence';
  elsif not exists (select from registry.currency as c where c.id = p_currency) then
    raise exception using errcode = 'DZD06', message = 'no such currency';
  end if;
end
$body$;
alter function report.check_period(integer, date, smallint) owner to dozir_writer;
comment on function report.check_period(integer, date, smallint) is
  'Refuses a declaration of a period that is not over, or before the first licence.';
