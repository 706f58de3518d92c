create or replace function registry.record_columns(p_kind text, p_table text, p_given jsonb) returns text
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The columns of a typed table that a document of the kind says, in one order for whatever is written
-- from it; null for none.
begin
  return (
    select string_agg(quote_ident(a.attname), ', ' order by a.attnum)
    from pg_attribute as a
    join registry.attribute as t on t.kind = p_kind and t.name = a.attname
    where a.attrelid = format('registry.%I', p_table)::regclass and a.attnum > 0 and not a.attisdropped
      and p_given ? t.name and t.data_type <> 'parts');
end
$body$;
alter function registry.record_columns(text, text, jsonb) owner to dozir_writer;
comment on function registry.record_columns(text, text, jsonb) is
  'Columns of a typed table that a document has values for.';
