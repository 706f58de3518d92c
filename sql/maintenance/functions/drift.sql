create or replace function maintenance.drift()
  returns table (change text, kind text, name text, recorded text, present text)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- What differs between the catalogue and what the last `dozir migrate` left behind.
begin
  return query
  select
    case when r.kind is null then 'added' when o.kind is null then 'removed' else 'changed' end,
    coalesce(o.kind, r.kind), coalesce(o.name, r.name), r.definition, o.definition
  from maintenance.objects() as o
  full join maintenance.recorded_object as r on r.kind = o.kind and r.name = o.name
  where o.definition is distinct from r.definition
  order by 2, 3;
end
$body$;
alter function maintenance.drift() owner to dozir_writer;
comment on function maintenance.drift() is
  'Objects added, changed or removed by hand since the last migrate; none where no migrate has recorded any.';
