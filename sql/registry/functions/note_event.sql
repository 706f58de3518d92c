create or replace function registry.note_event(
  p_change registry.change, p_action text, p_from_state text, p_reason text, p_recipient text default null
) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  insert into registry.change_event (
    change_id, actor, role, action, from_state, to_state, reason, proposed, recipient
  ) values (
    (p_change).id, coalesce(nullif(current_setting('dozir.actor', true), ''), session_user),
    coalesce(registry.caller_role(), session_user), p_action, p_from_state, (p_change).state, p_reason,
    case when p_action in ('save', 'submit', 'enter', 'register') then (p_change).proposed end,
    p_recipient
  );
  -- Decisions are noted where they are entered; what is only being written is nobody else's yet.
  select audit.note(
    'change_step', case when (p_change).record_id is null then 'change' else (p_change).kind end,
    coalesce((p_change).record_id, (p_change).id)::text,
    jsonb_build_object(
      'change', (p_change).id, 'action', p_action, 'from', p_from_state, 'to', (p_change).state),
    case when (p_change).operator_id is not null then array[(p_change).operator_id] end)
  where p_action <> 'save' and (p_change).state not in ('approved', 'refused');
end;
alter function registry.note_event(registry.change, text, text, text, text) owner to dozir_writer;
comment on function registry.note_event(registry.change, text, text, text, text) is
  'Writes a step of a change into its log.';
