create or replace function api.propose_appointment(
  p_action text, p_person_id integer, p_role text, p_from timestamptz, p_until timestamptz, p_reason text,
  p_person jsonb default null
) returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Proposes to appoint somebody to a role, to change it, to suspend, resume or end it; another official who
-- appoints decides (api.decide_appointment), and nothing holds before. p_from null: from the decision on;
-- p_until null: without an end. p_person makes somebody new, who is invited: {name_uk, name_en,
-- organisation_uk, organisation_en, tax_number}; p_person_id is null then. Returns the proposal's number.
-- Raises DZR01 (no such person), DZR02 (not the caller's to propose), DZR03 (errors by attribute), DZW01
-- (not from here: DETAIL {"state"}, "waiting" where a proposal waits already).
declare
  me constant integer := registry.own_person();
  who identity.person;
  held identity.appointment;
  made identity.appointment_change;
  wanted text := p_role;
  last_moment constant timestamptz := coalesce(p_until, 'infinity');
  errors jsonb;
begin
  perform identity.check_permission('official.propose');
  if me is null then
    raise exception using errcode = 'DZR02', message = 'a person proposes, by name';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('appointments', 9));
  if p_person is null then
    select * into who from identity.person as p where p.id = p_person_id for update;
    if not found or not exists (select from identity.managed_person(p_person_id)) then
      raise exception using errcode = 'DZR01', message = 'no such person';
    end if;
    -- A term that is over is an end, though nobody has said so.
    update identity.appointment as a set state = 'ended'
    where a.person_id = who.id and a.state in ('in_force', 'suspended')
      and a.active_until <= transaction_timestamp();
    select * into held from identity.appointment as a
    where a.person_id = who.id and a.state in ('proposed', 'in_force', 'suspended');
    if p_action in ('suspend', 'resume', 'end') then
      wanted := held.role;
    end if;
    if exists (
      select from identity.appointment_change as c where c.person_id = who.id and c.state = 'proposed'
    ) or coalesce(p_action, '') <> all (case held.state
      when 'in_force' then array['change', 'suspend', 'end']
      when 'suspended' then array['resume', 'end']
      else array['appoint'] end)
    then
      raise exception using errcode = 'DZW01', message = 'not from here',
        detail = jsonb_build_object('state', case when held.state is null then 'none'
          when held.state = 'proposed' then 'waiting' else held.state end)::text;
    end if;
  end if;
  select coalesce(jsonb_agg(jsonb_build_object('attribute', e.attribute, 'code', e.code)), '[]')
  into errors
  from (values
    ('action', 'choice', p_action is null
      or p_action not in ('appoint', 'change', 'suspend', 'resume', 'end')
      or p_person is not null and p_action <> 'appoint'),
    ('role', 'choice', p_action in ('appoint', 'change') and (
      wanted is null or not identity.appointable(wanted, who.role)
      or p_action = 'change' and wanted = held.role)),
    ('from', 'past', p_from < transaction_timestamp() - interval '1 minute'),
    ('from', 'moment', p_from > transaction_timestamp() + interval '1 year'),
    ('until', 'reversed', last_moment <= greatest(p_from, transaction_timestamp())),
    ('reason', 'required', coalesce(btrim(p_reason), '') = ''),
    ('reason', 'too_long', length(p_reason) > 2000),
    ('name_uk', 'required', p_person is not null and coalesce(btrim(p_person ->> 'name_uk'), '') = ''),
    ('name_en', 'required', p_person is not null and coalesce(btrim(p_person ->> 'name_en'), '') = ''),
    ('organisation_uk', 'required',
      p_person is not null and coalesce(btrim(p_person ->> 'organisation_uk'), '') = ''),
    ('organisation_en', 'required',
      p_person is not null and coalesce(btrim(p_person ->> 'organisation_en'), '') = ''),
    ('name_uk', 'too_long', length(p_person ->> 'name_uk') > 200),
    ('name_en', 'too_long', length(p_person ->> 'name_en') > 200),
    ('organisation_uk', 'too_long', length(p_person ->> 'organisation_uk') > 200),
    ('organisation_en', 'too_long', length(p_person ->> 'organisation_en') > 200),
    ('tax_number', 'number', p_person is not null
      and not coalesce(registry.is_rnokpp(p_person ->> 'tax_number'), false)),
    ('tax_number', 'taken', exists (
      select from identity.person as p
      where p.role <> 'operator' and p.tax_number = p_person ->> 'tax_number'))
  ) as e (attribute, code, wrong)
  where e.wrong;
  if errors <> '[]' then
    raise exception using errcode = 'DZR03', message = 'what is proposed has errors',
      detail = errors::text;
  end if;
  if p_person is not null then
    insert into identity.person
      (role, name_uk, name_en, organisation_uk, organisation_en, tax_number)
    select
      r.database_role, btrim(p_person ->> 'name_uk'), btrim(p_person ->> 'name_en'),
      btrim(p_person ->> 'organisation_uk'), btrim(p_person ->> 'organisation_en'),
      p_person ->> 'tax_number'
    from identity.role as r where r.code = wanted
    returning * into who;
  end if;
  if p_action = 'appoint' then
    insert into identity.appointment (person_id, role, state, active_from, active_until)
    values (
      who.id, wanted, 'proposed', greatest(coalesce(p_from, '-infinity'), transaction_timestamp()),
      last_moment)
    returning * into held;
  end if;
  insert into identity.appointment_change (
    action, person_id, appointment_id, role, active_from, active_until, reason, proposed_by,
    proposed_person
  ) values (
    p_action, who.id, held.id, wanted, p_from, last_moment, btrim(p_reason),
    coalesce(nullif(current_setting('dozir.actor', true), ''), session_user), me
  ) returning * into made;
  perform identity.note_appointment(
    made, 'proposed', identity.appointment_facts(who.id), made.reason);
  return made.id;
end
$body$;
alter function api.propose_appointment(text, integer, text, timestamptz, timestamptz, text, jsonb)
  owner to dozir_writer;
comment on function api.propose_appointment(
  text, integer, text, timestamptz, timestamptz, text, jsonb
) is 'Proposes an appointment, its change, suspension, resumption or end; another official decides.';
