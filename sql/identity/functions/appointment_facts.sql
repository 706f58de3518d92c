create or replace function identity.appointment_facts(p_person_id integer) returns jsonb
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
begin atomic
  select jsonb_build_object(
    'role', a.role, 'state', a.state, 'from', ledger.rfc3339(a.active_from),
    'until', case when a.active_until < 'infinity' then ledger.rfc3339(a.active_until) end)
  from identity.appointment as a
  where a.person_id = p_person_id
  order by a.id desc
  limit 1;
end;
alter function identity.appointment_facts(integer) owner to dozir_writer;
comment on function identity.appointment_facts(integer) is
  'A person''s newest appointment as history tells it; null for none.';
