create or replace function registry.lock_change(p_change_id bigint, p_version integer)
  returns registry.change
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The change, locked, if the caller may see it: DZR01 is the same for foreign and absent. DZW02 when
-- somebody else was faster than whoever saw version p_version.
declare
  found_one registry.change;
  own_operator constant integer := registry.own_operator();
begin
  select * into found_one from registry.change as c where c.id = p_change_id for update;
  if found_one.id is null or registry.caller_role() = 'operator' and not coalesce(
    found_one.operator_id = own_operator
    or found_one.operator_id is null and found_one.person_id = registry.own_person(), false)
    or found_one.state = 'draft'
    and (found_one.begun_by = 'operator') <> (registry.caller_role() = 'operator') then
    raise exception using errcode = 'DZR01', message = 'no such change';
  end if;
  if p_version is not null and p_version <> found_one.version then
    raise exception using errcode = 'DZW02', message = 'somebody else changed it in the meantime',
      detail = jsonb_build_object(
        'state', found_one.state, 'version', found_one.version, 'assignee', found_one.assignee)::text;
  end if;
  return found_one;
end
$body$;
alter function registry.lock_change(bigint, integer) owner to dozir_writer;
comment on function registry.lock_change(bigint, integer) is
  'Locks a change that the caller may see, and refuses a version that is no longer there.';
