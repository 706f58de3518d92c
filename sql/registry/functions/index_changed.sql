create or replace function registry.index_changed() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- First argument: the kind of record, or * where the row's own kind is it. Second: the column with
-- the record's id.
declare
  changed_kind text;
  changed_ids integer[];
begin
  for changed_kind, changed_ids in execute format(
    'select %s as kind, array_agg(distinct c.%I) as ids from changed as c group by 1',
    case tg_argv[0] when '*' then 'c.kind' else quote_literal(tg_argv[0]) || '::text' end, tg_argv[1])
  loop
    perform registry.index_records(changed_kind, changed_ids);
  end loop;
  return null;
end
$body$;
alter function registry.index_changed() owner to dozir_writer;
comment on function registry.index_changed() is
  'Statement trigger: lists, search and history follow what was written.';
