create or replace function ledger.refuse_change() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $body$
begin
  raise exception using
    errcode = 'DZA01',
    message = format('%I.%I is append-only: %s is refused', tg_table_schema, tg_table_name, tg_op);
end
$body$;
comment on function ledger.refuse_change() is
  'Refuses UPDATE, DELETE and TRUNCATE. Binds every role but a superuser who disables triggers; '
  'what goes past it is found by verification, not by this function.';
