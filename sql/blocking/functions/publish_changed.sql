create or replace function blocking.publish_changed() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  perform blocking.publish();
  return null;
end
$body$;
alter function blocking.publish_changed() owner to dozir_writer;
comment on function blocking.publish_changed() is
  'Statement trigger: the feed follows the register in the same commit.';
