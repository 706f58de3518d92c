create or replace function registry.lock_licence(p_licence_id integer, p_action text, p_grounds text)
  returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Locks a licence for an act that its state allows to the caller: whose it is.
declare
  owner_id integer;
  present text;
  step registry.workflow_transition;
begin
  perform identity.check_permission(
    case p_action when 'revoke' then 'licence.revoke' else 'licence.suspend' end);
  select l.operator_id into owner_id from registry.licence as l where l.id = p_licence_id for update;
  if not found then
    raise exception using errcode = 'DZR01', message = 'no such licence';
  end if;
  select s.state into present
  from registry.record_documents('licence', array[p_licence_id]) as d
  cross join lateral registry.record_state(
    'licence', d.document, (d.document ->> 'valid_from')::timestamptz,
    (d.document ->> 'valid_until')::timestamptz, transaction_timestamp()) as s;
  select * into step from registry.workflow_transition as t
  where t.workflow = 'licence' and t.from_state = present and t.action = p_action
    and registry.caller_role() = any (t.roles);
  if not found then
    raise exception using errcode = 'DZW01', message = format('a licence that is %s cannot: %s', present, p_action),
      detail = jsonb_build_object('state', present)::text;
  end if;
  if step.reason_required and coalesce(btrim(p_grounds), '') = '' then
    raise exception using errcode = 'DZW04', message = 'grounds are needed';
  end if;
  return owner_id;
end
$body$;
alter function registry.lock_licence(integer, text, text) owner to dozir_writer;
comment on function registry.lock_licence(integer, text, text) is
  'Locks a licence for an act that its state allows.';
