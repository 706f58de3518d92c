create or replace function maintenance.drift()
  returns table (change text, kind text, name text, recorded text, present text)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- What differs between the catalogue and what the last `dozir migrate` left behind.
begin
  return query
  with difference as materialized (
    select
      case when r.kind is null then 'added' when o.kind is null then 'removed' else 'changed' end
        as what,
      coalesce(o.kind, r.kind) as of_kind, coalesce(o.name, r.name) as of_name,
      r.definition as was, o.definition as now_is
    from maintenance.objects() as o
    full join maintenance.recorded_object as r on r.kind = o.kind and r.name = o.name
    where o.definition is distinct from r.definition
      -- What was never ours may go without a word.
      and (o.kind is not null or r.kind !~ '^unknown ')
  )
  select d.what, d.of_kind, d.of_name, d.was, d.now_is
  from difference as d
  -- Words and grants of what came or went whole are told with it.
  where not exists (
    select from difference as w
    where d.of_kind = 'grants' and w.of_kind <> 'grants'
      and w.what = d.what and w.what <> 'changed' and w.of_name = d.of_name
  ) and not exists (
    select from difference as w
    where d.of_kind = 'comment'
      and w.what = d.what and w.what <> 'changed' and w.of_kind || ' ' || w.of_name = d.of_name
  )
  order by 2, 3;
end
$body$;
alter function maintenance.drift() owner to dozir_writer;
comment on function maintenance.drift() is
  'Objects added, changed or removed by hand since the last migrate; none where no migrate has recorded any.';
