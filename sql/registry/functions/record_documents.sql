create or replace function registry.record_documents(p_kind text, p_ids integer[])
  returns table (record_id integer, operator_id integer, document jsonb)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $body$
-- The records as they stand in the typed tables: one member for each attribute of the catalogue,
-- private ones left out. Moments are in UTC, so that equal records make equal documents.
declare
  k registry.record_kind;
  members text;
  from_clause text;
  detail oid;
begin
  select * into strict k from registry.record_kind as r where r.kind = p_kind;
  if k.detail_table is not null then
    detail := format('registry.%I', k.detail_table)::regclass;
  end if;
  select string_agg(
    format('%L, %s', a.name, case a.data_type
      when 'parts' then format('registry.record_parts(%L, %L, t.id)', p_kind, a.name)
      else format('%s.%I', case when d.attname is null then 't' else 'd' end, a.name)
    end), ', ' order by a.position)
  into members
  from registry.attribute as a
  left join pg_attribute as d
    on d.attrelid = detail and d.attname = a.name and not d.attisdropped and d.attnum > 0
  where a.kind = p_kind and not a.private;
  from_clause := format('registry.%I as t', k.table_name);
  if k.detail_table is not null then
    from_clause := from_clause || format(' join registry.%I as d on d.channel_id = t.id', k.detail_table);
  end if;
  return query execute format(
    'select t.id, %s, jsonb_strip_nulls(jsonb_build_object(%s)) from %s where t.id = any ($1)',
    case when p_kind = 'organiser' then 't.id' else 't.operator_id' end, members, from_clause)
  using p_ids;
end
$body$;
alter function registry.record_documents(text, integer[]) owner to dozir_writer;
comment on function registry.record_documents(text, integer[]) is
  'Records as documents, by the catalogue: what registry.entry_document keeps of each version.';
