create or replace function registry.refuse_identity_change() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $body$
-- What ledger rows refer to stays what it was: whose it is, what it is called, and for a licence
-- and a game of which gambling type.
declare
  fixed constant text[] := array['id', 'operator_id', 'code', 'number', 'gambling_type_id', 'kind', 'key_id'];
  field text;
begin
  foreach field in array fixed loop
    if to_jsonb(new) -> field is distinct from to_jsonb(old) -> field then
      raise exception using
        errcode = 'DZA03',
        message = format('%I.%I: %I cannot change', tg_table_schema, tg_table_name, field);
    end if;
  end loop;
  return new;
end
$body$;
comment on function registry.refuse_identity_change() is
  'Row trigger: keeps the identity of a registered record.';
