create or replace function maintenance.drop_oldest_day() returns boolean
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Drops the oldest day of the ledger when it is older than maintenance.setting.keep_days; false when
-- there is none, which is always so while no horizon is set. A day whose raw rows disagree with its
-- figures stays (DZM01): the rows are the only evidence of what happened. A definer of the owner's,
-- as only the owner can drop a chunk; it takes no argument that could widen what it does.
declare
  horizon timestamptz;
  oldest record;
begin
  select date_trunc('day', transaction_timestamp(), 'UTC') - make_interval(days => s.keep_days)
  into horizon
  from maintenance.setting as s;
  select c.range_start, c.range_end into oldest
  from timescaledb_information.chunks as c
  where c.hypertable_schema = 'ledger' and c.hypertable_name = 'transaction'
  order by c.range_start
  limit 1;
  if horizon is null or oldest.range_end is null or oldest.range_end > horizon then
    return false;
  end if;
  if exists (
    select from report.check_rollups(oldest.range_start - interval '1 second', oldest.range_end)
  ) then
    raise exception using
      errcode = 'DZM01',
      message = format('%s is kept: its figures do not hold', (oldest.range_start at time zone 'UTC')::date),
      hint = 'See dozir verify.';
  end if;
  perform ledger.drop_until(oldest.range_end);
  return true;
end
$body$;
comment on function maintenance.drop_oldest_day() is
  'Drops one day older than the horizon of retention, after checking its figures; false when none is.';
