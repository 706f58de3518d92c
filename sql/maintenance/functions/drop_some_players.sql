create or replace function maintenance.drop_some_players() returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Deletes rows of the oldest day beyond maintenance.setting.keep_player_months, at most 50,000; how
-- many. Counters, spreads and cohorts stay. Nothing of such a day is counted any more.
declare
  horizon constant date := (
    select ((clock_timestamp() at time zone 'Europe/Kyiv')
      - make_interval(months => s.keep_player_months))::date
    from maintenance.setting as s
  );
  oldest date;
  dropped bigint;
begin
  perform from rollup.player_progress as p for update;
  select min(d.day) into oldest from rollup.player_day as d;
  if oldest is null or oldest >= horizon then
    return 0::bigint;
  end if;
  update rollup.player_progress as p
  set
    kept_from = greatest(p.kept_from, oldest + 1),
    dropped_before = greatest(p.dropped_before, oldest + 1);
  delete from rollup.player_day as d
  where d.ctid in (select x.ctid from rollup.player_day as x where x.day = oldest limit 50000);
  get diagnostics dropped = row_count;
  return dropped;
end
$body$;
alter function maintenance.drop_some_players() owner to dozir_writer;
comment on function maintenance.drop_some_players() is
  'Deletes up to 50,000 rows of accounts of the oldest day beyond the horizon; how many.';
