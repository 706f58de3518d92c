create or replace function registry.insert_records(
  p_kind text, p_operator_id integer, p_documents jsonb[]
) returns table (record_id integer, code text)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $body$
-- New records, as the catalogue lays them into the typed tables. What a document leaves out is left to the
-- tables' defaults, so that documents which say the same attributes are written together.
declare
  k registry.record_kind;
  together jsonb[];
  sample jsonb;
  columns text;
  detail_columns text;
  belonging jsonb := '{}'::jsonb;
  added text := '';
begin
  select * into strict k from registry.record_kind as r where r.kind = p_kind;
  if p_kind <> 'organiser' then
    belonging := belonging || jsonb_build_object('operator_id', coalesce(p_operator_id, 0));
    added := ', operator_id';
  end if;
  if k.table_name = 'channel' then
    belonging := belonging || jsonb_build_object('kind', p_kind);
    added := added || ', kind';
  end if;
  for together in
    select array_agg(s.document || belonging)
    from (
      select
        jsonb_strip_nulls(d.document) as document,
        array(select j.name from jsonb_object_keys(jsonb_strip_nulls(d.document)) as j (name) order by 1) as names
      from unnest(p_documents) as d (document)
    ) as s
    group by s.names
  loop
    sample := together[1];
    columns := registry.record_columns(p_kind, k.table_name, sample) || added;
    -- Names in the statement are such as no column has.
    if k.detail_table is null then
      return query execute format(
        'insert into registry.%1$I (%2$s) select %2$s from unnest($1) as given_rows (given_row) '
        'cross join lateral jsonb_populate_record(null::registry.%1$I, given_row) '
        'returning id, %3$I', k.table_name, columns, k.code_attribute)
      using together;
    else
      detail_columns := concat_ws(
        ', ', registry.record_columns(p_kind, k.detail_table, sample), 'operator_id, channel_id');
      return query execute format(
        'with made (made_id, made_code) as (insert into registry.%1$I (%2$s) '
        'select %2$s from unnest($1) as given_rows (given_row) '
        'cross join lateral jsonb_populate_record(null::registry.%1$I, given_row) '
        'returning id, %3$I), '
        'detailed as (insert into registry.%4$I (%5$s) select %5$s from unnest($1) as given_rows (given_row) '
        'join made on made_code = given_row ->> %6$L cross join lateral jsonb_populate_record('
        'null::registry.%4$I, given_row || jsonb_build_object(''channel_id'', made_id))) '
        'select made_id, made_code from made',
        k.table_name, columns, k.code_attribute, k.detail_table, detail_columns, k.code_attribute)
      using together;
    end if;
  end loop;
end
$body$;
alter function registry.insert_records(text, integer, jsonb[]) owner to dozir_writer;
comment on function registry.insert_records(text, integer, jsonb[]) is
  'Writes new records into the typed tables; everything else follows by triggers.';
