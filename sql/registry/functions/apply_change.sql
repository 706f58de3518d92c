create or replace function registry.apply_change(p_change registry.change) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $body$
-- Writes what was approved into the typed tables, by the catalogue: id of the record.
declare
  k registry.record_kind;
  given jsonb := p_change.proposed;
  target text;
  columns text;
  record_id integer := p_change.record_id;
  owner_id integer := p_change.operator_id;
begin
  select * into strict k from registry.record_kind as r where r.kind = p_change.kind;
  if given ? k.until_attribute and given -> k.until_attribute = 'null' then
    given := given || jsonb_build_object(k.until_attribute, 'infinity');
  end if;
  foreach target in array array_remove(array[k.table_name, k.detail_table], null) loop
    -- Cleared of a column that holds no null: its empty text.
    given := given || coalesce((
      select jsonb_object_agg(a.attname, '') from pg_attribute as a
      where a.attrelid = format('registry.%I', target)::regclass and a.attnum > 0 and not a.attisdropped
        and a.attnotnull and a.atttypid = 'text'::regtype and given -> a.attname::text = 'null'), '{}');
    select string_agg(quote_ident(a.attname), ', ' order by a.attnum) into columns
    from pg_attribute as a
    join registry.attribute as t on t.kind = p_change.kind and t.name = a.attname
    where a.attrelid = format('registry.%I', target)::regclass and a.attnum > 0 and not a.attisdropped
      and given ? t.name and t.data_type <> 'parts';
    if p_change.action = 'create' then
      if target = k.table_name then
        if p_change.kind <> 'organiser' then
          given := given || jsonb_build_object('operator_id', owner_id);
          columns := columns || ', operator_id';
        end if;
        if target = 'channel' then
          given := given || jsonb_build_object('kind', p_change.kind);
          columns := columns || ', kind';
        end if;
      else
        given := given || jsonb_build_object('channel_id', record_id);
        columns := concat_ws(', ', columns, 'operator_id, channel_id');
      end if;
      execute format(
        'insert into registry.%1$I (%2$s) select %2$s from jsonb_populate_record(null::registry.%1$I, $1) '
        'returning %3$I', target, columns, case when target = k.table_name then 'id' else 'channel_id' end)
      into record_id using given;
    elsif columns is not null then
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
