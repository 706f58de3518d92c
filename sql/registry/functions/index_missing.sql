create or replace function registry.index_missing(p_kind text) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
declare
  k registry.record_kind;
  ids integer[];
begin
  select * into strict k from registry.record_kind as r where r.kind = p_kind;
  execute format(
    'select array_agg(t.id) from registry.%I as t where %s and not exists ('
    'select from registry.entry as e where e.kind = %L and e.record_id = t.id)',
    k.table_name, case k.table_name when 'channel' then format('t.kind = %L', p_kind) else 'true' end, p_kind)
  into ids;
  if ids is not null then
    perform registry.index_records(p_kind, ids);
  end if;
end
$body$;
alter function registry.index_missing(text) owner to dozir_writer;
comment on function registry.index_missing(text) is
  'First versions of records that have none: of those registered before there were entries.';
