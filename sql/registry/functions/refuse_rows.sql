create or replace function registry.refuse_rows(p_change registry.change, p_anew boolean) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Checks the rows of a change that proposes many, those that were checked before too where that is asked,
-- and raises DZR03 where any has an error. DETAIL: the first 1,000 as {row, attribute, code, detail}.
declare
  faults jsonb;
begin
  if p_anew or exists (
    select from registry.change_row as r where r.change_id = p_change.id and r.errors is null
  ) then
    perform registry.check_rows(p_change, case when not p_anew then 5000 end);
  end if;
  select jsonb_agg(f.fault order by f.row_number, f.place) into faults
  from (
    select r.row_number, j.place, j.fault || jsonb_build_object('row', r.row_number) as fault
    from registry.change_row as r
    cross join lateral jsonb_array_elements(r.errors) with ordinality as j (fault, place)
    where r.change_id = p_change.id and r.errors <> '[]'
    order by r.row_number, j.place limit 1000
  ) as f;
  if not exists (select from registry.change_row as r where r.change_id = p_change.id) then
    faults := jsonb_build_array(jsonb_build_object('attribute', null, 'code', 'required'));
  end if;
  if faults is not null then
    raise exception using errcode = 'DZR03', message = 'what is proposed has errors', detail = faults::text;
  end if;
end
$body$;
alter function registry.refuse_rows(registry.change, boolean) owner to dozir_writer;
comment on function registry.refuse_rows(registry.change, boolean) is
  'Refuses a change that proposes many records while any of them has an error.';
