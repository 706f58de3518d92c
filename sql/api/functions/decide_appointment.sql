create or replace function api.decide_appointment(
  p_change_id bigint, p_decision text, p_reason text default null
) returns text
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Confirms or refuses what another official proposed, or withdraws what one proposed oneself. What is
-- confirmed holds at once: the person's next request is asked by it. Returns the proposal's state.
-- Raises DZR01 (no such proposal), DZR02 (not the caller's), DZR04, DZW01 (decided already; DETAIL
-- {"state"}), DZW04 (a refusal says why), DZW05 (DETAIL {"code"}: "own" proposal, "self" concerned,
-- "last" of those who appoint, whom fewer than two would be left of).
declare
  made identity.appointment_change;
  held identity.role;
  me constant integer := registry.own_person();
  why constant text := nullif(btrim(p_reason), '');
  before jsonb;
  fault text;
begin
  perform identity.check_permission('official.decide');
  if me is null then
    raise exception using errcode = 'DZR02', message = 'a person decides, by name';
  elsif p_decision is null or p_decision not in ('confirm', 'refuse', 'withdraw') or length(why) > 2000 then
    raise exception using errcode = 'DZR04', message = 'unknown decision';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('appointments', 9));
  select * into made from identity.appointment_change as c where c.id = p_change_id for update;
  if not found or not exists (select from identity.managed_person(made.person_id)) then
    raise exception using errcode = 'DZR01', message = 'no such proposal';
  elsif made.state <> 'proposed' then
    raise exception using errcode = 'DZW01', message = 'it is decided already',
      detail = jsonb_build_object('state', made.state)::text;
  elsif p_decision = 'refuse' and why is null then
    raise exception using errcode = 'DZW04', message = 'a refusal says why';
  end if;
  select r.* into held from identity.appointment as a join identity.role as r on r.code = a.role
  where a.person_id = made.person_id and a.state = 'in_force';
  fault := case
    when (p_decision = 'withdraw') <> (made.proposed_person is not distinct from me) then 'own'
    when p_decision <> 'withdraw' and made.person_id = me then 'self'
    when p_decision = 'confirm' and held.appoints and held.authority <> 'operator' and (
      made.action in ('suspend', 'end')
      or made.action = 'change' and made.role <> held.code
    ) and 2 > (
      select count(*) from identity.appointment as a
      where a.role = held.code and a.state = 'in_force' and a.person_id <> made.person_id
        and a.active_from <= transaction_timestamp() and transaction_timestamp() < a.active_until
    ) then 'last' end;
  if fault is not null then
    raise exception using errcode = 'DZW05', message = 'not by this official, or not now',
      detail = jsonb_build_object('code', fault)::text;
  end if;
  -- A term that ended while the proposal waited is over.
  if p_decision = 'confirm' and made.active_until <= transaction_timestamp() then
    raise exception using errcode = 'DZW01', message = 'its term is over',
      detail = jsonb_build_object('state', 'over')::text;
  end if;
  before := identity.appointment_facts(made.person_id);
  update identity.appointment_change as c
  set state = case p_decision
      when 'confirm' then 'confirmed' when 'refuse' then 'refused' else 'withdrawn' end,
    decided_at = transaction_timestamp(), decided_person = me, decision_reason = why,
    decided_by = coalesce(nullif(current_setting('dozir.actor', true), ''), session_user)
  where c.id = made.id
  returning * into made;
  if p_decision = 'confirm' then
    perform identity.carry_out_appointment(made);
  else
    update identity.appointment as a set state = 'refused'
    where a.id = made.appointment_id and a.state = 'proposed';
  end if;
  perform identity.note_appointment(made, made.state, before, why);
  return made.state;
end
$body$;
alter function api.decide_appointment(bigint, text, text) owner to dozir_writer;
comment on function api.decide_appointment(bigint, text, text) is
  'Confirms or refuses an appointment that another official proposed, or withdraws one''s own proposal.';
