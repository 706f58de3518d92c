create or replace function maintenance.missing_chunks() returns setof date
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select d.day::date
  from maintenance.setting as s
  cross join lateral generate_series(
    (transaction_timestamp() at time zone 'UTC')::date,
    (transaction_timestamp() at time zone 'UTC')::date + s.chunks_ahead,
    interval '1 day'
  ) as d (day)
  where not exists (
    select from timescaledb_information.chunks as c
    where c.hypertable_schema = 'ledger' and c.hypertable_name = 'transaction'
      and c.range_start <= d.day at time zone 'UTC' and d.day at time zone 'UTC' < c.range_end
  )
  order by d.day;
end;
alter function maintenance.missing_chunks() owner to dozir_writer;
comment on function maintenance.missing_chunks() is
  'The coming days (UTC) that have no chunk yet, as many as maintenance.setting.chunks_ahead says.';
