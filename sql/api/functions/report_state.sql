create or replace function api.report_state(
  p_last date, p_operators integer[] default null, p_as_of timestamptz default null
) returns table (
    as_of timestamptz, day_open boolean, expected bigint, received bigint, completeness_percent numeric,
    provisional boolean
  )
  language plpgsql volatile security invoker
  set search_path = pg_catalog, pg_temp
as $body$
-- How far the figures of a period up to p_last can be trusted: as of when, whether its last day still goes on, how
-- many of the numbered batches are here. Provisional: a day is open, or fewer than 99.9 % have arrived.
-- Asked before the figures, see api.report_watermark. As of a past moment all of it is of that moment.
declare
  moment constant timestamptz := coalesce(p_as_of, api.report_watermark());
begin
  return query
  select
    moment, p_last >= (moment at time zone 'Europe/Kyiv')::date, c.expected, c.received,
    api.percent(c.received, c.expected),
    p_last >= (moment at time zone 'Europe/Kyiv')::date or c.received < 0.999 * c.expected
  from (
    select coalesce(sum(n.expected), 0)::bigint as expected, coalesce(sum(n.received), 0)::bigint as received
    from api.report_completeness(p_operators, p_as_of) as n
  ) as c;
end
$body$;
comment on function api.report_state(date, integer[], timestamptz) is
  'As of when a report is, how complete it is, and whether it is provisional.';
