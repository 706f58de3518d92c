create or replace function maintenance.seal_some_events() returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  return audit.seal_events();
end
$body$;
alter function maintenance.seal_some_events() owner to dozir_writer;
comment on function maintenance.seal_some_events() is
  'Enters events of the trail into the log, up to 1,000; how many.';
