create or replace function api.tax_estimate(
  p_first date,
  p_last date,
  p_operators integer[] default null,
  p_currency smallint default 980,
  p_as_of timestamptz default null
) returns table (
    operator_id integer,
    month date,
    tax_class text,
    kind text,
    base text,
    first_day date,
    last_day date,
    rate_id bigint,
    rate_ppm integer,
    verified boolean,
    loss_rule text,
    base_minor bigint,
    taxable_minor bigint,
    tax_minor bigint
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Estimated taxes of a period of whole days of Europe/Kyiv, both ends included, in one currency: a row
-- for each taxpayer, tax, class, base and part of a month in which one rate holds. The tax period is
-- the calendar month, cut where a rate changes and at the ends of the period that is asked for.
-- api.tax_parts says what is told of a part, api.tax_sums how its sums are made. As of a past moment: what
-- had arrived by then (see api.report_flows), at the rates that were recorded then.
-- Raises DZV01 for a period that is reversed or too long.
begin
  return query
  select
    s.operator_id, p.month, p.tax_class, p.kind, p.base, p.first_day, p.last_day, p.rate_id, p.rate_ppm,
    p.verified, p.loss_rule, s.base_minor, s.taxable_minor, s.tax_minor
  from api.tax_sums(p_first, p_last, p_operators, p_currency, p_as_of) as s
  -- Each sum has its part. An inner join would not ask for sums where there is no part, and no error be raised.
  left join api.tax_parts(p_first, p_last, p_as_of) as p on p.part = s.part;
end
$body$;
comment on function api.tax_estimate(date, date, integer[], smallint, timestamptz) is
  'Estimated taxes by taxpayer, tax, class and part of a month with one rate, from the aggregates.';
