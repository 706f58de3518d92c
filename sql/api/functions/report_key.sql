create or replace function api.report_key(
  p_dimension text, p_day date, p_hour timestamptz, p_operator integer, p_gambling_type smallint,
  p_licence integer, p_channel integer, p_payment smallint, p_breach smallint, p_game integer,
  p_equipment integer
) returns bigint
  language sql immutable parallel safe
-- What a row of a rollup is counted under: a number, so that many rows are grouped fast; written out
-- by api.report_key_text. Days count from 2000-01-01; a week, month, quarter or year is its first day;
-- an hour is its epoch. Without a dimension -1. Inlined: where the dimension is known to the planner,
-- one expression is left of it; so nothing in it may be less than immutable (epoch of a timestamptz is).
begin atomic
  select case p_dimension
    when 'day' then (p_day - date '2000-01-01')::bigint
    when 'week' then (date_trunc('week', p_day::timestamp)::date - date '2000-01-01')::bigint
    when 'month' then (date_trunc('month', p_day::timestamp)::date - date '2000-01-01')::bigint
    when 'quarter' then (date_trunc('quarter', p_day::timestamp)::date - date '2000-01-01')::bigint
    when 'year' then (date_trunc('year', p_day::timestamp)::date - date '2000-01-01')::bigint
    when 'hour' then extract(epoch from p_hour - timestamptz '1970-01-01 00:00:00+00')::bigint
    when 'operator' then p_operator::bigint
    when 'gambling_type' then p_gambling_type::bigint
    when 'licence' then p_licence::bigint
    when 'channel' then p_channel::bigint
    when 'payment' then p_payment::bigint
    when 'breach' then p_breach::bigint
    when 'game' then p_game::bigint
    when 'equipment' then p_equipment::bigint
    when 'on_equipment' then (p_equipment <> 0)::integer::bigint
    else -1::bigint
  end;
end;
comment on function api.report_key(
  text, date, timestamptz, integer, smallint, integer, integer, smallint, smallint, integer, integer
) is 'What a row of a rollup is counted under when a report is grouped by a dimension.';
