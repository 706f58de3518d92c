create or replace function api.report_key_text(p_dimension text, p_key bigint) returns text
  language sql stable parallel safe
-- A key as it stands in rows: 2026-11-20, 2026-11-16 (a week's Monday), 2026-11, 2026-Q4, 2026,
-- 2026-11-20T09:00:00Z, else an id or a mask; none: of no band, of no cohort.
-- Stable, as to_char is, or it would not be inlined.
begin atomic
  select case p_dimension
    when 'day' then to_char((date '2000-01-01' + p_key::integer)::timestamp, 'YYYY-MM-DD')
    when 'week' then to_char((date '2000-01-01' + p_key::integer)::timestamp, 'YYYY-MM-DD')
    when 'month' then to_char((date '2000-01-01' + p_key::integer)::timestamp, 'YYYY-MM')
    when 'quarter' then to_char((date '2000-01-01' + p_key::integer)::timestamp, 'YYYY-"Q"Q')
    when 'year' then to_char((date '2000-01-01' + p_key::integer)::timestamp, 'YYYY')
    when 'hour' then
      to_char(to_timestamp(p_key) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    when 'cohort' then case when p_key < 0 then 'none'
      else to_char((date '2000-01-01' + p_key::integer)::timestamp, 'YYYY-MM') end
    when 'amount_band' then case when p_key < 0 then 'none' else p_key::text end
    else p_key::text
  end;
end;
comment on function api.report_key_text(text, bigint) is
  'A key of api.report_key as it stands in the rows of a report.';
