create or replace function maintenance.publish_some_blocked() returns bigint
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Changes of the feed that time alone makes; counts of complaints older than two days are forgotten.
begin
  delete from blocking.intake as i where i.hour < transaction_timestamp() - interval '2 days';
  return blocking.publish();
end
$body$;
alter function maintenance.publish_some_blocked() owner to dozir_writer;
comment on function maintenance.publish_some_blocked() is
  'Brings the feed of blocked addresses up to the time; how many changes.';
