create or replace function registry.refuse_delete() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $body$
begin
  raise exception using
    errcode = 'DZA02',
    message = format('%I.%I: a registered record ends, it is never deleted', tg_table_schema, tg_table_name);
end
$body$;
comment on function registry.refuse_delete() is 'Refuses DELETE and TRUNCATE of registered records.';
