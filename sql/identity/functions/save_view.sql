create or replace function identity.save_view(
  p_name text, p_target text, p_parameters jsonb, p_shared boolean
) returns bigint
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- At most 100 of one person, each name once. Raises DZX02, DZX04, DZX05.
declare
  own constant integer := registry.own_person();
  saved bigint;
begin
  perform identity.check_permission('view.save');
  if registry.caller_role() is null or own is null then
    raise exception using errcode = 'DZX02', message = 'a view is saved by a person in a role';
  end if;
  perform 1 from identity.person as p where p.id = own for no key update;
  if (
    select count(*) from identity.saved_view as v where v.person_id = own and v.removed_at is null
  ) >= 100 then
    raise exception using errcode = 'DZX05', message = 'a hundred views are saved already';
  end if;
  insert into identity.saved_view (person_id, role, operator_id, name, target, parameters, shared)
  values (
    own, registry.caller_role(), registry.own_operator(), btrim(p_name), p_target, p_parameters,
    p_shared)
  returning id into saved;
  return saved;
exception
  when unique_violation then
    raise exception using errcode = 'DZX04', message = 'a view of this name is saved already';
end
$body$;
alter function identity.save_view(text, text, jsonb, boolean) owner to dozir_writer;
comment on function identity.save_view(text, text, jsonb, boolean) is
  'Names a view of a page for the caller, or for the caller''s workspace.';
