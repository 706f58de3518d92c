create or replace function maintenance.next_run(
  p_every interval, p_at_time time, p_after timestamptz
) returns timestamptz
  language sql stable
  set search_path = pg_catalog, pg_temp
begin atomic
  -- Counted from now, not from when it was due: what was missed is made up for once, not many times.
  select case
    when p_at_time is null then p_after + p_every
    when (p_after at time zone 'Europe/Kyiv')::time < p_at_time
      then ((p_after at time zone 'Europe/Kyiv')::date + p_at_time) at time zone 'Europe/Kyiv'
    else ((p_after at time zone 'Europe/Kyiv')::date + 1 + p_at_time) at time zone 'Europe/Kyiv'
  end;
end;
comment on function maintenance.next_run(interval, time, timestamptz) is
  'When a job is due next: after an interval, or at a time of day in Kyiv.';
