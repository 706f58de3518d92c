create or replace function identity.note_appointment(
  p_change identity.appointment_change, p_deed text, p_before jsonb, p_reason text
) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $body$
-- Writes a step into the history, with what the person's appointment was before and is after it, and
-- enters it in the log: reasons, which may name people, as hashes.
declare
  actor constant text := coalesce(nullif(current_setting('dozir.actor', true), ''), session_user);
  present constant jsonb := identity.appointment_facts(p_change.person_id);
begin
  insert into identity.appointment_event
    (person_id, change_id, deed, actor, actor_person, reason, before, after)
  values (
    p_change.person_id, p_change.id, p_deed, actor, registry.own_person(), p_reason, p_before, present);
  perform registry.enter_decision(
    (select p.operator_id from identity.person as p where p.id = p_change.person_id),
    'appointment_' || p_deed, jsonb_build_object(
      'change', p_change.id, 'person', p_change.person_id, 'action', p_change.action,
      'appointment_role', p_change.role,
      'from', case when p_change.active_from is not null then ledger.rfc3339(p_change.active_from) end,
      'until', case when p_change.active_until < 'infinity' then ledger.rfc3339(p_change.active_until) end,
      'state', present ->> 'state', 'reason_sha256', registry.text_hash(p_reason)));
end
$body$;
alter function identity.note_appointment(identity.appointment_change, text, jsonb, text)
  owner to dozir_writer;
comment on function identity.note_appointment(identity.appointment_change, text, jsonb, text) is
  'Writes a step of an appointment into the history and the log.';
