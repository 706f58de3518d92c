create or replace function registry.note_event(
  p_change registry.change, p_action text, p_from_state text, p_reason text
) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  insert into registry.change_event (
    change_id, actor, role, action, from_state, to_state, reason, proposed
  ) values (
    (p_change).id, coalesce(nullif(current_setting('dozir.actor', true), ''), session_user),
    coalesce(registry.caller_role(), session_user), p_action, p_from_state, (p_change).state, p_reason,
    case when p_action in ('save', 'submit', 'enter', 'register') then (p_change).proposed end
  );
end;
alter function registry.note_event(registry.change, text, text, text) owner to dozir_writer;
comment on function registry.note_event(registry.change, text, text, text) is
  'Writes a step of a change into its log.';
