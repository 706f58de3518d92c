create or replace function registry.step_change(
  p_change_id bigint, p_action text, p_reason text, p_version integer
) returns registry.change
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $body$
-- Takes one step of the workflow; what an approval writes is written in this transaction or not at all.
-- Raises DZR01 (no such change), DZR03 (DETAIL: its errors), DZW01 (no such step from here, or not for
-- this role; DETAIL: where it stands), DZW02 (somebody was faster), DZW03 (the record is no longer what
-- the proposal was made on; DETAIL: both versions), DZW04 (a reason is needed).
declare
  step registry.workflow_transition;
  made registry.change;
  before text;
  checked record;
  present record;
  base jsonb;
begin
  perform identity.check_permission(case
    when p_action in ('take', 'release', 'approve', 'return', 'refuse', 'enter') then 'registry.decide'
    else 'registry.propose' end);
  perform registry.check_power('propose');
  made := registry.lock_change(p_change_id, p_version);
  before := made.state;
  select * into step from registry.workflow_transition as t
  where t.workflow = 'change' and t.from_state = made.state and t.action = p_action
    and registry.caller_role() = any (t.roles)
    and t.action not in ('save', 'give'); -- these have functions of their own
  if not found then
    raise exception using errcode = 'DZW01',
      message = format('from %s there is no step %s for this role', made.state, p_action),
      detail = jsonb_build_object(
        'state', made.state, 'version', made.version, 'assignee', made.assignee)::text;
  end if;
  if step.reason_required and coalesce(btrim(p_reason), '') = '' then
    raise exception using errcode = 'DZW04', message = 'a reason is needed';
  end if;
  if p_action = 'register' and (
    select r.needs_approval from registry.record_kind as r where r.kind = made.kind
  ) then
    raise exception using errcode = 'DZW01', message = 'this kind of record needs approval',
      detail = jsonb_build_object('state', made.state, 'version', made.version)::text;
  end if;
  if p_action in ('submit', 'approve', 'enter', 'register') then
    -- One decision at a time on a record, so that the version read here is the one written over.
    if made.record_id is not null then
      perform pg_advisory_xact_lock(hashtextextended(made.kind || ' ' || made.record_id, 5));
      select e.version, d.document into strict present from registry.entry as e
      join registry.entry_document as d using (kind, record_id, version)
      where e.kind = made.kind and e.record_id = made.record_id and e.recorded_until = 'infinity';
      if present.version <> made.base_version then
        select d.document into base from registry.entry_document as d
        where d.kind = made.kind and d.record_id = made.record_id and d.version = made.base_version;
        raise exception using errcode = 'DZW03', message = 'the record has changed since',
          detail = jsonb_build_object(
            'base_version', made.base_version, 'base', base, 'present_version', present.version,
            'present', present.document, 'proposed', made.proposed)::text;
      end if;
    end if;
    select * into checked from registry.check_change(
      made.kind, made.action, made.record_id, made.operator_id, made.proposed);
    if checked.errors <> '[]' then
      raise exception using errcode = 'DZR03', message = 'what is proposed has errors',
        detail = checked.errors::text;
    end if;
    if made.action = 'create_many' then
      -- A draft was checked while it was written; what has changed since, the decision finds.
      perform registry.refuse_rows(made, before <> 'draft' or step.to_state = 'approved');
    end if;
  end if;
  if step.to_state = 'approved' then
    perform set_config('dozir.change_id', made.id::text, true),
      set_config('dozir.reason', coalesce(p_reason, ''), true);
    made.record_id := registry.apply_change(made);
    if made.kind = 'organiser' and made.action = 'create' then
      made.operator_id := made.record_id;
      perform registry.admit_applicant(made.person_id, made.operator_id);
    end if;
    perform set_config('dozir.change_id', '', true), set_config('dozir.reason', '', true);
  end if;
  update registry.change as c
  set state = step.to_state, version = c.version + 1, record_id = made.record_id,
    operator_id = made.operator_id, errors = case when p_action = 'submit' then '[]' else c.errors end,
    assignee = case
      when p_action = 'take' then coalesce(nullif(current_setting('dozir.actor', true), ''), session_user)
      when p_action in ('release', 'withdraw') then null else c.assignee end,
    submitted_at = case when p_action = 'submit' then transaction_timestamp() else c.submitted_at end,
    decided_at = case when step.to_state in ('approved', 'refused', 'withdrawn')
      then transaction_timestamp() end
  where c.id = made.id returning * into made;
  perform registry.note_event(made, p_action, before, nullif(btrim(p_reason), ''));
  if made.state in ('approved', 'refused') then
    perform registry.enter_decision(made.operator_id, 'change_' || made.state, jsonb_build_object(
      'change', made.id, 'change_version', made.version, 'kind', made.kind, 'action', made.action,
      'record', made.record_id, 'records', case when made.action = 'create_many' then made.proposed -> 'records' end,
      'proposed_sha256', registry.text_hash(made.salt || ' ' || made.proposed),
      'record_version', case when made.state = 'approved' then (
        select e.version from registry.entry as e
        where e.kind = made.kind and e.record_id = made.record_id and e.recorded_until = 'infinity') end,
      'reason_sha256', registry.text_hash(nullif(btrim(p_reason), ''))));
  end if;
  return made;
exception
  when unique_violation or exclusion_violation or check_violation or foreign_key_violation then
    -- Two approvals at once of what excludes each other: the rules in SQL saw neither.
    raise exception using errcode = 'DZR03', message = 'what is proposed has errors',
      detail = jsonb_build_array(jsonb_build_object('attribute', null, 'code', 'conflict'))::text;
end
$body$;
alter function registry.step_change(bigint, text, text, integer) owner to dozir_writer;
comment on function registry.step_change(bigint, text, text, integer) is
  'Submits, withdraws, takes, releases, approves, returns or refuses a change.';
