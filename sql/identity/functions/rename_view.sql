create or replace function identity.rename_view(p_id bigint, p_name text, p_shared boolean) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- False where the caller has no such view. Raises DZX04.
begin
  update identity.saved_view as v set name = btrim(p_name), shared = p_shared
  where v.id = p_id and v.person_id = registry.own_person() and v.removed_at is null;
  return found;
exception
  when unique_violation then
    raise exception using errcode = 'DZX04', message = 'a view of this name is saved already';
end
$body$;
alter function identity.rename_view(bigint, text, boolean) owner to dozir_writer;
comment on function identity.rename_view(bigint, text, boolean) is
  'Names a view of the caller''s anew; says who else sees it.';
