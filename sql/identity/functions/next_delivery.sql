create or replace function identity.next_delivery(
  p_every text, p_weekday integer, p_month_day integer, p_hour integer, p_after timestamptz
) returns timestamptz
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $body$
-- The first moment after p_after at which a clock in Kyiv shows that hour: each day, on a weekday (1 is
-- Monday), or on a day of the month (of a shorter month its last). Reckoned in days of the calendar: in
-- spring the hour that is left out gives the one after it, in autumn the hour that comes twice its
-- second, once.
declare
  here constant date := (p_after at time zone 'Europe/Kyiv')::date;
  candidate date;
  moment timestamptz;
begin
  for step in 0..2 loop
    candidate := case p_every
      when 'day' then here + step
      when 'week' then
        here + (p_weekday - extract(isodow from here)::integer + 7) % 7 + 7 * step
      else (date_trunc('month', here) + make_interval(months => step))::date
    end;
    if p_every = 'month' then
      candidate := least(
        candidate + p_month_day - 1, (candidate + interval '1 month' - interval '1 day')::date);
    end if;
    moment := (candidate + make_time(p_hour, 0, 0)) at time zone 'Europe/Kyiv';
    exit when moment > p_after;
  end loop;
  return moment;
end
$body$;
comment on function identity.next_delivery(text, integer, integer, integer, timestamptz) is
  'When a schedule in Kyiv is due next after a moment.';
