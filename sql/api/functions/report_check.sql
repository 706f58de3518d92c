create or replace function api.report_check(
  p_report text, p_first date, p_last date, p_by text[], p_gambling_types smallint[],
  p_licences integer[], p_channels integer[], p_games integer[], p_as_of timestamptz
) returns void
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
as $body$
-- What each report refuses before it reads anything. The message is for engineers; who asks is told by
-- whoever called.
--   DZV01  a period that is reversed, absurd or too long for what it is grouped by; a moment to come
--   DZV02  a grouping that the report does not have, twice the same, two of time, more than three
--   DZV03  a filter that the report does not have; games, equipment, amounts or cohorts beside what they are
--          not counted by
--   42501  a report of other roles
declare
  known text[];
  longest smallint;
begin
  if p_first is null or p_last is null or p_last < p_first then
    raise exception using errcode = 'DZV01', message = 'the period is reversed';
  elsif p_first < '2000-01-01' or p_last > '2199-12-31' then
    raise exception using errcode = 'DZV01', message = 'the period is out of range';
  elsif p_as_of > statement_timestamp() then
    raise exception using errcode = 'DZV01', message = 'as of a moment to come';
  elsif p_by is null or cardinality(p_by) > 3 or array_position(p_by, null) is not null
    or cardinality(p_by) <> (select count(distinct u.name) from unnest(p_by) as u (name))
    or 1 < (
      select count(*) from unnest(p_by) as u (name) join api.dimension as d on d.code = u.name
      where d.in_time)
    or exists (
      select from unnest(p_by) as u (name)
      where not exists (
        select from api.report_dimension as d where d.report = p_report and d.dimension = u.name))
  then
    raise exception using errcode = 'DZV02', message = 'unknown grouping';
  end if;
  select r.filters, r.longest_days into known, longest from api.report as r where r.code = p_report;
  if not found then
    raise exception using errcode = '42501', message = 'the report is not for this role';
  elsif (p_gambling_types is not null and not 'gambling_type' = any (known))
    or (p_licences is not null and not 'licence' = any (known))
    or (p_channels is not null and not 'channel' = any (known))
    or (p_games is not null and not 'game' = any (known))
  then
    raise exception using errcode = 'DZV03', message = 'the report is not counted by what narrows it';
  elsif p_report = 'R05' and (p_channels is not null or p_by && array['channel', 'stake_band'])
    and (p_as_of is not null or 'equipment' = any (p_by))
  then
    raise exception using
      errcode = 'DZV03', message = 'places and stakes of rounds are counted as they are now, and not by equipment';
  elsif p_report <> 'R05' and (p_games is not null or p_by && array['game', 'equipment'])
    and (p_licences is not null or p_channels is not null or p_gambling_types is not null
      or p_by && array['licence', 'channel', 'payment', 'gambling_type'])
  then
    raise exception using
      errcode = 'DZV03', message = 'games and equipment are counted by operator and time alone';
  elsif 'amount_band' = any (p_by)
    and (p_gambling_types is not null or p_licences is not null or p_channels is not null
      or p_as_of is not null
      or p_by && array['hour', 'gambling_type', 'licence', 'channel', 'payment'])
  then
    raise exception using
      errcode = 'DZV03', message = 'amounts are counted by operator and day alone, not as of a past moment';
  elsif 'cohort' = any (p_by)
    and (p_licences is not null or p_as_of is not null
      or p_by && array['hour', 'day', 'week', 'quarter', 'licence']
      or (cardinality(p_gambling_types) > 1 and not 'gambling_type' = any (p_by)))
  then
    raise exception using
      errcode = 'DZV03', message = 'cohorts are counted by operator, kind of gambling and month alone';
  elsif 'region' = any (p_by) and cardinality(p_by) = 3 and not 'operator' = any (p_by) then
    raise exception using
      errcode = 'DZV03', message = 'regions are counted beside operators or one thing more';
  end if;
  select least(longest, min(d.longest_days)) into longest
  from api.dimension as d
  where d.code = any (p_by)
    or (p_channels is not null and d.code = 'channel') or (p_games is not null and d.code = 'game');
  if p_last - p_first >= longest then
    raise exception using
      errcode = 'DZV01', message = format('at most %s days', longest), detail = longest::text;
  end if;
end
$body$;
comment on function api.report_check(
  text, date, date, text[], smallint[], integer[], integer[], integer[], timestamptz
) is 'Refuses what a report cannot answer: periods, groupings, filters.';
