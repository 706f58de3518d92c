create or replace function audit.note(
  p_kind text,
  p_object text default null,
  p_object_id text default null,
  p_facts jsonb default '{}',
  p_concerns integer[] default null,
  p_person_id integer default null,
  p_role text default null,
  p_operator_id integer default null
) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Notes an event in the transaction that does what it tells of: one insert. The entry of the log is made
-- for a minute's events together (audit.seal_events): views are many, and who looks at a page must not
-- wait for the one end of the log that all batches wait for.
--   p_object, p_object_id  what it was done to: a kind of record (or batch, transaction, export, person,
--                          session, …) and its number there
--   p_concerns             operators whose records or people it concerns, an event for each; else the
--                          caller's own, else none
--   p_person_id, …         who, where nobody has entered yet; else the caller, as the portal said
-- Raises DZA02 for a kind that is not known.
begin
  insert into audit.event (
    person_id, role, operator_id, concerns, kind, object, object_id, facts, request_id, address, told
  )
  select
    coalesce(p_person_id, registry.own_person()),
    coalesce(p_role, registry.caller_role(), session_user),
    coalesce(p_operator_id, registry.own_operator()), c.operator_id, k.kind, p_object,
    p_object_id, coalesce(p_facts, '{}'), nullif(current_setting('dozir.request_id', true), ''),
    nullif(current_setting('dozir.address', true), ''), k.told
  from audit.event_kind as k
  cross join unnest(case
    when cardinality(p_concerns) > 0 then p_concerns
    else array[coalesce(p_operator_id, registry.own_operator())]
  end) as c (operator_id)
  where k.kind = p_kind;
  if not found then
    raise exception using errcode = 'DZA02', message = 'a kind of event that is not known';
  end if;
end
$body$;
alter function audit.note(text, text, text, jsonb, integer[], integer, text, integer)
  owner to dozir_writer;
comment on function audit.note(text, text, text, jsonb, integer[], integer, text, integer) is
  'Notes in the trail what is done in this transaction, and by whom; raises DZA02.';
