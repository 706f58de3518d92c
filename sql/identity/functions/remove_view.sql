create or replace function identity.remove_view(p_id bigint, p_removed boolean) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- False where the caller has no such view. A removed one can come back for 30 days, unless its name
-- is taken by then. Raises DZX04.
begin
  update identity.saved_view as v
  set removed_at = case when p_removed then transaction_timestamp() end
  where v.id = p_id and v.person_id = registry.own_person()
    and (v.removed_at is null) = p_removed;
  return found;
exception
  when unique_violation then
    raise exception using errcode = 'DZX04', message = 'a view of this name is saved already';
end
$body$;
alter function identity.remove_view(bigint, boolean) owner to dozir_writer;
comment on function identity.remove_view(bigint, boolean) is
  'Removes a view of the caller''s, or takes the removal back.';
