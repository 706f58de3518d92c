create or replace function api.tax_parts(
  p_first date,
  p_last date,
  p_as_of timestamptz default null
) returns table (
    part integer,
    series integer,
    asked boolean,
    month date,
    tax_class text,
    kind text,
    base text,
    first_day date,
    last_day date,
    rate_id bigint,
    rate_ppm integer,
    verified boolean,
    loss_rule text
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- The parts of months of a period of days of Europe/Kyiv, both ends included, in each of which one rate of a
-- tax and class holds: months are cut where a rate changes and at the ends of the period. A disputed base
-- gives a part for each reading; a tax on profit gives none, as Dozir knows no profit. They are numbered from
-- 1; series numbers those within which losses are carried: for these what came before in the year is here,
-- too, not asked for. As of a past moment: by the rates that were recorded then. Of a period of more than ten
-- years, which api.tax_sums refuses, no more than eleven are told.
begin
  return query
  with named as (
    select
      r.id, r.kind, r.tax_class, b.base, r.rate_ppm, r.verified_by is not null as verified, r.loss_rule,
      m.month::date as month, s.asked,
      greatest(m.month::date, r.valid_from, s.since) as since,
      least((m.month + interval '1 month')::date - 1, r.valid_until - 1, s.last) as last
    from api.tax_rate as r
    cross join date_trunc('year', p_first::timestamp) as y (year_begin)
    cross join generate_series(
      y.year_begin, least(date_trunc('month', p_last::timestamp), y.year_begin + interval '131 months'),
      interval '1 month'
    ) as m (month)
    cross join lateral (values (y.year_begin::date, p_first - 1, false), (p_first, p_last, true))
      as s (since, last, asked)
    cross join lateral unnest(
      case r.base when 'win_or_withdrawal' then array['win', 'withdrawal'] else array[r.base] end
    ) as b (base)
    where r.base <> 'profit' and case when p_as_of is null then r.recorded_until = 'infinity'
        else r.recorded_from <= p_as_of and r.recorded_until > p_as_of end
      and (s.asked or r.loss_rule = 'carry_year')
  )

  select
    row_number() over (order by n.month, n.kind, n.tax_class, n.base, n.since)::integer as part,
    dense_rank() over (
      order by n.kind, n.tax_class, n.base, n.loss_rule, extract(year from n.since))::integer as series,
    n.asked, n.month, n.tax_class, n.kind, n.base, n.since as first_day, n.last as last_day,
    n.id as rate_id, n.rate_ppm, n.verified, n.loss_rule
  from named as n
  where n.since <= n.last;
end
$body$;
comment on function api.tax_parts(date, date, timestamptz) is
  'Parts of months in which one rate of a tax and class holds.';
