-- login: superuser
-- Every step of every workflow, tried by every role from every state: taken where the catalogue has a
-- row for it and refused everywhere else, a state that a migration adds included.

-- What a statement comes to for a role: 'done' or its SQLSTATE; nothing remains of it.
create function pg_temp.attempt(p_role text, p_statement text) returns text language plpgsql as $$
begin
  perform become(p_role, case p_role when 'operator' then operator_id('TEST-ALPHA') end);
  begin
    execute p_statement;
    raise exception using errcode = 'DZT00', message = 'done';
  exception when others then
    reset role;
    return case sqlstate when 'DZT00' then 'done' else sqlstate end;
  end;
end $$;
create temporary table tried (
  workflow text, from_state text, action text, role text, begun_by text, outcome text, allowed boolean);
create temporary view roles as
select unnest(array['operator', 'regulator', 'registrar', 'tax_service', 'auditor']) as role;

insert into identity.person (role, name_uk, name_en, organisation_uk, organisation_en)
values ('registrar', 'Колега', 'Colleague', 'Регулятор', 'Regulator');
select appoint_all();
-- Changes: one in each state, a draft of an operator and one of an official.
create temporary table subject as
with made as (
  insert into registry.change (kind, action, record_id, operator_id, begun_by, proposed, base_version, state)
  select 'venue', 'amend', c.id, c.operator_id, b.begun_by, '{"opening_hours": "9-21"}', 1, s.state
  from registry.workflow_state as s
  cross join (values ('operator'), ('regulator')) as b (begun_by)
  join registry.channel as c on c.code = 'HALL-1' and c.operator_id = operator_id('TEST-ALPHA')
  where s.workflow = 'change' and (b.begun_by = 'operator' or s.state = 'draft')
  returning *
)
select m.id, m.state, m.begun_by from made as m;
insert into tried
select 'change', s.state, a.action, r.role, s.begun_by,
  pg_temp.attempt(r.role, case a.action
    when 'save' then format('select api.save_change(%s, null, null, null, null, ''{"opening_hours": "8-20"}'')', s.id)
    when 'give' then format('select api.give_change(%s, %s, ''подивіться'')', s.id, colleague.id)
    else format('select api.step_change(%s, %L, ''тому що'')', s.id, a.action) end),
  exists (
    select from registry.workflow_transition as t
    where t.workflow = 'change' and t.from_state = s.state and t.action = a.action and r.role = any (t.roles)
      -- A draft is its author's; a venue needs approval, so that nobody registers it alone.
      and (s.state <> 'draft' or (s.begun_by = 'operator') = (r.role = 'operator')) and t.action <> 'register')
from subject as s
cross join (select distinct t.action from registry.workflow_transition as t where t.workflow = 'change') as a
cross join roles as r
cross join (select p.id from identity.person as p where p.name_en = 'Colleague') as colleague;
select is(
  pg_temp.attempt('regulator', format('select api.step_change(%s, ''give'')', s.id)), 'DZW01', 'a step that gives names nobody')
from subject as s where s.state = 'in_review';
-- What needs no approval its operator registers alone.
update registry.record_kind set needs_approval = false where kind = 'venue';
select is(pg_temp.attempt('operator', format('select api.step_change(%s, ''register'')', s.id)), 'done', 'registered')
from subject as s where s.state = 'draft' and s.begun_by = 'operator';

-- Licences: one in each state.
create temporary table licence as
with made as (
  insert into registry.licence (
    operator_id, number, licence_kind_id, valid_from, valid_until, revoked_at, revocation_grounds)
  select operator_id('TEST-ALPHA'), 'WALK-' || s.state, 9,
    now() + case s.state when 'upcoming' then interval '1 day' else interval '-2 years' end,
    now() + case s.state when 'expired' then interval '-1 day' else interval '2 years' end,
    case s.state when 'revoked' then now() - interval '1 day' end,
    case s.state when 'revoked' then 'x' end
  from registry.workflow_state as s where s.workflow = 'licence'
  returning id, number
), held as (
  insert into registry.licence_suspension (operator_id, licence_id, suspended_from, suspended_until, grounds)
  select operator_id('TEST-ALPHA'), m.id, now() - interval '1 day', now() + interval '1 day', 'x'
  from made as m where m.number = 'WALK-suspended'
), planned as (
  insert into registry.licence_suspension (operator_id, licence_id, suspended_from, grounds)
  select operator_id('TEST-ALPHA'), m.id, now() + interval '2 days', 'x' from made as m
  returning id, licence_id
)
select m.id, p.id as planned, substr(m.number, 6) as state from made as m join planned as p on p.licence_id = m.id;
select results_eq(
  'select l.state, e.state from licence as l join registry.entry as e on e.kind = ''licence'' and e.record_id = l.id
   where e.recorded_until = ''infinity'' order by 1', 'select state, state from licence order by 1', 'one in each state');
insert into tried
select 'licence', l.state, a.action, r.role, null,
  pg_temp.attempt(r.role, format(case a.action
    when 'suspend' then 'select api.suspend_licence(%s, null, now() + interval ''1 hour'', ''тому що'')'
    when 'withdraw' then 'select api.withdraw_suspension(%2$s, ''тому що'')'
    when 'resume' then 'select api.resume_licence(%s, ''тому що'')'
    when 'revoke' then 'select api.revoke_licence(%s, ''тому що'')' end, l.id, l.planned)),
  exists (
    select from registry.workflow_transition as t
    where t.workflow = 'licence' and t.from_state = l.state and t.action = a.action and r.role = any (t.roles))
from licence as l
cross join (select distinct t.action from registry.workflow_transition as t where t.workflow = 'licence') as a
cross join roles as r;

-- Equipment: one in each state. What operators do goes through changes, which end in these writes; who
-- may write them at all is asked of the door. Blocking and its lifting are officials' own.
create temporary table machine as
with made as (
  insert into registry.equipment (operator_id, code, kind, channel_id, serial_number, model, active_from, active_until)
  select operator_id('TEST-ALPHA'), 'WALK-' || s.state, 'slot_machine',
    case when s.state <> 'registered' then c.id end, 'WALK-' || s.state, 'W', now() - interval '9 days',
    case s.state when 'retired' then now() - interval '1 day' else 'infinity' end
  from registry.workflow_state as s
  join registry.channel as c on c.code = 'HALL-1' and c.operator_id = operator_id('TEST-ALPHA')
  where s.workflow = 'equipment'
  returning id, code
)
select m.id, substr(m.code, 6) as state from made as m;
grant select on pg_temp.machine to public;
select become('regulator');
select api.block_equipment(m.id, '1', 'x') from pg_temp.machine as m where m.state = 'blocked';
reset role;
create function pg_temp.write_of(p_action text, p_id integer, p_state text) returns text language sql return case p_action
  when 'block' then format('select api.block_equipment(%s, ''2'', ''тому що'')', p_id)
  when 'restore' then format('select api.unblock_equipment(%s, ''2'', ''тому що'')', p_id)
  when 'install' then format('update registry.equipment set channel_id = %s where id = %s and %L = ''registered''',
    (select c.id from registry.channel as c where c.code = 'HALL-1' and c.operator_id = operator_id('TEST-ALPHA')), p_id, p_state)
  when 'move' then format('update registry.equipment set channel_id = %s where id = %s and %L <> ''registered''',
    (select c.id from registry.channel as c where c.code = 'HALL-CLOSED' and c.operator_id = operator_id('TEST-ALPHA')), p_id, p_state)
  when 'remove' then format('update registry.equipment set channel_id = null where id = %s and %L <> ''registered''', p_id, p_state)
  when 'retire' then format('update registry.equipment set active_until = now() where id = %s and %L <> ''retired''', p_id, p_state)
  end;
insert into tried
select 'equipment', m.state, a.action, r.role, null, pg_temp.attempt(r.role, pg_temp.write_of(a.action, m.id, m.state)),
  a.action in ('block', 'restore') and exists (
    select from registry.workflow_transition as t
    where t.workflow = 'equipment' and t.from_state = m.state and t.action = a.action and r.role = any (t.roles))
from pg_temp.machine as m
cross join (select distinct t.action from registry.workflow_transition as t where t.workflow = 'equipment') as a
cross join roles as r;
-- The writes themselves, as the functions of the registry make them.
insert into tried
select 'equipment', m.state, a.action, 'dozir_migrator', null,
  pg_temp.attempt('dozir_migrator', pg_temp.write_of(a.action, m.id, m.state)),
  exists (
    select from registry.workflow_transition as t
    where t.workflow = 'equipment' and t.from_state = m.state and t.action = a.action)
from pg_temp.machine as m
cross join (select unnest(array['install', 'move', 'remove', 'retire']) as action) as a
-- Not what would write nothing: placed is not installed again, nor taken from no place.
where not (a.action = 'install' and m.state <> 'registered')
  and not (a.action in ('move', 'remove') and m.state = 'registered')
  and not (a.action = 'retire' and m.state = 'retired');

select is_empty(
  'select * from tried where (outcome = ''done'') <> allowed', 'each step is taken by whom the catalogue names, and by no other');
select is_empty(
  'select * from tried where outcome not in (''done'', ''42501'', ''DZW01'', ''DZR01'', ''DZR02'')',
  'and refused for that, and for nothing else');
select is_empty(
  $$select t.workflow, t.from_state, t.action, r.role from registry.workflow_transition as t, unnest(t.roles) as r (role)
    where t.action <> 'register' and not (t.workflow = 'equipment' and t.action in ('install', 'move', 'remove', 'retire'))
      and not exists (
        select from tried as d where d.workflow = t.workflow and d.from_state = t.from_state
          and d.action = t.action and d.role = r.role and d.outcome = 'done')$$,
  'every row of the catalogue was walked');
select is_empty(
  $$select t.* from registry.workflow_transition as t
    where t.workflow = 'equipment' and t.action in ('install', 'move', 'remove', 'retire') and not exists (
      select from tried as d where d.from_state = t.from_state and d.action = t.action and d.outcome = 'done')$$,
  'those of equipment that end in a write too');

-- Tables: whatever the schema holds has rows that its readers see by policy, and no other way in.
select is_empty(
  $$select c.relname from pg_class as c
    where c.relnamespace = 'registry'::regnamespace and c.relkind = 'r' and (
      not c.relrowsecurity
      or exists (
        select from unnest(array['operator', 'regulator', 'registrar', 'tax_service', 'auditor', 'dozir_ingest',
          'dozir_portal', 'dozir_readonly', 'dozir_jobs', 'dozir_sequencer']) as r (role)
        where has_table_privilege(r.role, c.oid, 'insert, update, delete, truncate'))
      or has_any_column_privilege('operator', c.oid, 'select') and not exists (
        select from pg_policy as p where p.polrelid = c.oid and p.polroles @> array['operator'::regrole::oid]))$$,
  'no table of the registry is open to a role without a policy, nor written by any');
