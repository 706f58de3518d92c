create or replace function registry.give_change(
  p_change_id bigint, p_person_id integer, p_reason text, p_version integer
) returns registry.change
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $body$
-- Gives a change that waits for a decision to a colleague, who then has it as if taken.
-- Raises DZR01 (no such change), DZW01 (not from here, or not for this role; DETAIL: where it stands),
-- DZW02 (somebody was faster), DZW05 (not to this person; DETAIL {"code"}: "nobody" who may decide now,
-- "self", as that is taking, or "has_it" already).
declare
  made registry.change;
  before text;
  next_state text;
  recipient constant text := 'person ' || p_person_id;
  fault text;
begin
  perform identity.check_permission('registry.decide');
  made := registry.lock_change(p_change_id, p_version);
  before := made.state;
  select t.to_state into next_state from registry.workflow_transition as t
  where t.workflow = 'change' and t.from_state = made.state and t.action = 'give'
    and registry.caller_role() = any (t.roles);
  if not found then
    raise exception using errcode = 'DZW01',
      message = format('from %s there is no step give for this role', made.state),
      detail = jsonb_build_object(
        'state', made.state, 'version', made.version, 'assignee', made.assignee)::text;
  end if;
  fault := case
    when not exists (select from api.decider as d where d.id = p_person_id) then 'nobody'
    when recipient = current_setting('dozir.actor', true) then 'self'
    when recipient = made.assignee then 'has_it' end;
  if fault is not null then
    raise exception using errcode = 'DZW05', message = 'the change is not given to this person',
      detail = jsonb_build_object('code', fault)::text;
  end if;
  update registry.change as c
  set state = next_state, version = c.version + 1, assignee = recipient
  where c.id = made.id returning * into made;
  perform registry.note_event(made, 'give', before, nullif(btrim(p_reason), ''), recipient);
  return made;
end
$body$;
alter function registry.give_change(bigint, integer, text, integer) owner to dozir_writer;
comment on function registry.give_change(bigint, integer, text, integer) is
  'Gives a change to a colleague who may decide.';
