create or replace function registry.move_version() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  insert into registry.operator_version as v (operator_id)
  select distinct c.operator_id from changed as c order by 1
  on conflict (operator_id) do update set version = v.version + 1;
  return null;
end
$body$;
alter function registry.move_version() owner to dozir_writer;
comment on function registry.move_version() is
  'Statement trigger: ingest must read this operator''s codes again.';
