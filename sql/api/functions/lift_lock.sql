create or replace function api.lift_lock(p_lock_id integer, p_reason text) returns text
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The first official proposes with a reason (answers "proposed"), another one lifts ("lifted").
-- Raises DZR01, DZR02, DZP03 (proposed by oneself, or lifted already), DZW04 (no reason).
declare
  own constant integer := registry.own_person();
  held identity.lock;
begin
  if registry.caller_role() not in ('regulator', 'registrar') or own is null then
    raise exception using errcode = 'DZR02', message = 'only officials lift a lock';
  end if;
  perform identity.check_permission('account.unlock');
  select * into held from identity.lock as l where l.id = p_lock_id for update;
  if held.id is null then
    raise exception using errcode = 'DZR01', message = 'no such lock';
  end if;
  if held.lifted_at is not null or held.lift_proposed_by = own then
    raise exception using errcode = 'DZP03', message = 'not by this person, or lifted already';
  end if;
  if held.lift_proposed_at is null then
    if p_reason is null or p_reason !~ '[[:graph:]]' or length(p_reason) > 2000 then
      raise exception using errcode = 'DZW04', message = 'a reason is needed';
    end if;
    update identity.lock as l
    set lift_reason = btrim(p_reason), lift_proposed_at = transaction_timestamp(),
      lift_proposed_by = own
    where l.id = held.id;
    return 'proposed';
  end if;
  update identity.lock as l set lifted_at = transaction_timestamp(), lifted_by = own
  where l.id = held.id;
  perform audit.note(
    'unlock', case when held.person_id is null then 'organiser' else 'person' end,
    coalesce(held.person_id, held.operator_id)::text,
    jsonb_build_object('lock', held.id, 'reason', held.lift_reason),
    array[coalesce(held.operator_id, (select p.operator_id from identity.person as p where p.id = held.person_id))]);
  return 'lifted';
end
$body$;
alter function api.lift_lock(integer, text) owner to dozir_writer;
comment on function api.lift_lock(integer, text) is
  'Proposes that a lock is lifted, or as another official lifts it.';
