create or replace function api.lock_access(
  p_person_id integer, p_operator_id integer, p_reason text
) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Out at once: their sessions end, and none begins. Raises DZR01, DZR02, DZP03 (locked already, or
-- oneself), DZW04 (no reason).
declare
  own constant integer := registry.own_person();
  made integer;
begin
  if registry.caller_role() not in ('regulator', 'registrar') or own is null then
    raise exception using errcode = 'DZR02', message = 'only officials lock';
  end if;
  perform identity.check_permission('account.lock');
  if p_reason is null or p_reason !~ '[[:graph:]]' or length(p_reason) > 2000 then
    raise exception using errcode = 'DZW04', message = 'a reason is needed';
  end if;
  if not exists (select from identity.person as p where p.id = p_person_id)
    and not exists (select from registry.operator as o where o.id = p_operator_id) then
    raise exception using errcode = 'DZR01', message = 'nobody to lock';
  end if;
  if p_person_id = own then
    raise exception using errcode = 'DZP03', message = 'nobody locks oneself';
  end if;
  insert into identity.lock (person_id, operator_id, reason, locked_by)
  values (p_person_id, p_operator_id, btrim(p_reason), own)
  returning id into made;
  perform audit.note(
    'lock', case when p_person_id is null then 'organiser' else 'person' end,
    coalesce(p_person_id, p_operator_id)::text, jsonb_build_object('lock', made, 'reason', btrim(p_reason)),
    array[coalesce(p_operator_id, (select p.operator_id from identity.person as p where p.id = p_person_id))]);
  update identity.session as s set ended_at = transaction_timestamp()
  where s.ended_at is null and identity.is_locked(s.person_id);
  return made;
exception
  when unique_violation then
    raise exception using errcode = 'DZP03', message = 'locked already';
end
$body$;
alter function api.lock_access(integer, integer, text) owner to dozir_writer;
comment on function api.lock_access(integer, integer, text) is
  'Locks a person, or all people of an operator, out of the portal at once.';
