create or replace function api.applied_migrations() returns setof text
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  return query
    select m.migration_id::text from migration._yoyo_migration as m order by m.migration_id;
end
$body$;
alter function api.applied_migrations() owner to dozir_writer;
comment on function api.applied_migrations() is
  'The numbered migrations that this database has had: the portal is not ready before it finds its own '
  'among them.';
