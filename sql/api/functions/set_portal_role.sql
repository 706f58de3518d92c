create or replace function api.set_portal_role(
  p_person_id integer, p_action text, p_role text, p_reason text
) returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- An operator's owner says as what one of its own people works here: gives a role ("change"), suspends or
-- resumes. It holds at once; nobody does it of themselves. Returns the number of the record.
-- Raises DZR01 (no such person of this operator), DZR02, DZR03, DZW01 (not from here), DZW05 ("self").
declare
  me constant integer := registry.own_person();
  who identity.person;
  held identity.appointment;
  made identity.appointment_change;
  before jsonb;
  actor constant text := coalesce(nullif(current_setting('dozir.actor', true), ''), session_user);
  wanted constant text := case p_action when 'change' then p_role else null end;
begin
  perform identity.check_permission('representative.manage');
  if me is null then
    raise exception using errcode = 'DZR02', message = 'a person decides, by name';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('appointments', 9));
  select * into who from identity.person as p
  where p.id = p_person_id and p.id in (select m.id from identity.managed_person(p_person_id) as m (id))
  for update;
  if not found then
    raise exception using errcode = 'DZR01', message = 'no such person';
  elsif who.id = me then
    raise exception using errcode = 'DZW05', message = 'nobody decides of themselves',
      detail = '{"code": "self"}';
  elsif coalesce(btrim(p_reason), '') = '' or length(p_reason) > 2000 then
    raise exception using errcode = 'DZR03', message = 'a reason is needed',
      detail = '[{"attribute": "reason", "code": "required"}]';
  elsif p_action is null or p_action not in ('change', 'suspend', 'resume')
    or p_action = 'change' and (
      wanted is null or wanted not in ('operator_owner', 'operator_representative')) then
    raise exception using errcode = 'DZR04', message = 'unknown act or role';
  end if;
  update identity.appointment as a set state = 'ended'
  where a.person_id = who.id and a.state in ('in_force', 'suspended')
    and a.active_until <= transaction_timestamp();
  select * into held from identity.appointment as a
  where a.person_id = who.id and a.state in ('proposed', 'in_force', 'suspended');
  if held.state = 'proposed'
    or (p_action = 'resume') <> (held.state is not distinct from 'suspended')
    or wanted = coalesce(held.role, 'operator_representative') then
    raise exception using errcode = 'DZW01', message = 'not from here',
      detail = jsonb_build_object('state', coalesce(held.state, 'none'))::text;
  end if;
  before := identity.appointment_facts(who.id);
  if held.id is null and p_action = 'suspend' then
    -- Whoever worked by registered powers alone is told apart from now on.
    insert into identity.appointment (person_id, role, state, active_from)
    values (who.id, 'operator_representative', 'in_force', transaction_timestamp())
    returning * into held;
  end if;
  insert into identity.appointment_change (
    action, person_id, appointment_id, role, reason, state, proposed_by, proposed_person, decided_at,
    decided_by, decided_person
  ) values (
    p_action, who.id, held.id, coalesce(wanted, held.role), btrim(p_reason), 'confirmed', actor, me,
    transaction_timestamp(), actor, me
  ) returning * into made;
  perform identity.carry_out_appointment(made);
  perform identity.note_appointment(made, 'set_by_owner', before, made.reason);
  return made.id;
end
$body$;
alter function api.set_portal_role(integer, text, text, text) owner to dozir_writer;
comment on function api.set_portal_role(integer, text, text, text) is
  'An operator''s owner says as what one of its own people works here.';
