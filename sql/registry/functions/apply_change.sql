create or replace function registry.apply_change(p_change registry.change) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $body$
-- Writes what was approved into the typed tables, by the catalogue: id of the record, of many none.
declare
  k registry.record_kind;
  given jsonb := p_change.proposed;
  target text;
  columns text;
  record_id integer := p_change.record_id;
begin
  select * into strict k from registry.record_kind as r where r.kind = p_change.kind;
  if given ? k.until_attribute and given -> k.until_attribute = 'null' then
    given := given || jsonb_build_object(k.until_attribute, 'infinity');
  end if;
  if p_change.action = 'create' then
    select i.record_id into strict record_id
    from registry.insert_records(p_change.kind, p_change.operator_id, array[given]) as i;
    return record_id;
  elsif p_change.action = 'create_many' then
    update registry.change_row as r set record_id = i.record_id
    from registry.insert_records(p_change.kind, p_change.operator_id, array(
      select o.proposed from registry.change_row as o where o.change_id = p_change.id order by o.row_number
    )) as i
    where r.change_id = p_change.id and r.proposed ->> k.code_attribute = i.code;
    return null;
  end if;
  foreach target in array array_remove(array[k.table_name, k.detail_table], null) loop
    -- Cleared of a column that holds no null: its empty text.
    given := given || coalesce((
      select jsonb_object_agg(a.attname, '') from pg_attribute as a
      where a.attrelid = format('registry.%I', target)::regclass and a.attnum > 0 and not a.attisdropped
        and a.attnotnull and a.atttypid = 'text'::regtype and given -> a.attname::text = 'null'), '{}');
    columns := registry.record_columns(p_change.kind, target, given);
    if columns is not null then
      execute format(
        'update registry.%1$I as t set (%2$s) = (select %2$s from jsonb_populate_record(t, $1) as r) '
        'where t.%3$I = $2', target,
        columns, case when target = k.table_name then 'id' else 'channel_id' end)
      using given, record_id;
    end if;
  end loop;
  return record_id;
end
$body$;
alter function registry.apply_change(registry.change) owner to dozir_writer;
comment on function registry.apply_change(registry.change) is
  'Writes an approved change into the typed tables; everything else follows by triggers.';
