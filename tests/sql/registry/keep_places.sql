-- login: superuser
-- Where a machine stood, to the moment: what ingest judges by.
create function pg_temp.hall(p_code text) returns integer language sql stable
return (select c.id from registry.channel as c where c.code = p_code and c.operator_id = operator_id('TEST-ALPHA'));
create function pg_temp.machine(p_code text, p_from timestamptz) returns integer language sql as $$
  insert into registry.equipment (operator_id, code, kind, channel_id, serial_number, model, active_from)
  values (operator_id('TEST-ALPHA'), p_code, 'slot_machine', pg_temp.hall('HALL-1'), p_code, 'K', p_from) returning id
$$;
create function pg_temp.places(p_id integer) returns setof text language sql stable as $$
  select c.code || ' ' || coalesce(to_char(p.placed_from - now(), 'FMDDD'), '') || ' '
    || case p.placed_until when 'infinity' then 'on' else to_char(p.placed_until - now(), 'FMDDD') end
  from registry.equipment_place as p join registry.channel as c on c.id = p.channel_id
  where p.equipment_id = p_id order by p.placed_from
$$;
create temporary table m as select
  pg_temp.machine('KP-NOW', now() - interval '10 days') as present, pg_temp.machine('KP-LATER', now() + interval '10 days') as later;
select results_eq('select pg_temp.places((select present from m))', array['HALL-1 -10 on'], 'from when it is registered');
update registry.equipment set active_from = now() - interval '20 days' where id = (select present from m);
select results_eq('select pg_temp.places((select present from m))', array['HALL-1 -20 on'], 'which may be put right');
update registry.equipment set channel_id = pg_temp.hall('HALL-CLOSED') where id = (select present from m);
select results_eq('select pg_temp.places((select present from m))', array['HALL-1 -20 0', 'HALL-CLOSED 0 on'], 'moved now');
update registry.equipment set active_from = now() - interval '15 days' where id = (select present from m);
select results_eq('select pg_temp.places((select present from m))', array['HALL-1 -15 0', 'HALL-CLOSED 0 on'],
  'its first place begins with it');
update registry.equipment set active_until = now() + interval '30 days' where id = (select present from m);
select results_eq('select pg_temp.places((select present from m))', array['HALL-1 -15 0', 'HALL-CLOSED 0 30'],
  'its last ends with it');
select results_eq(
  $$select ledger.operator_codes(operator_id('TEST-ALPHA')) -> 'places' -> 'KP-NOW'$$,
  $$select jsonb_build_array(
    jsonb_build_array(pg_temp.hall('HALL-1'), ledger.microseconds(now() - interval '15 days'), ledger.microseconds(now())),
    jsonb_build_array(pg_temp.hall('HALL-CLOSED'), ledger.microseconds(now()), ledger.microseconds(now() + interval '30 days')))$$,
  'as ingest is told');
-- One that is registered for a time to come is moved before it.
update registry.equipment set channel_id = pg_temp.hall('HALL-CLOSED') where id = (select later from m);
select results_eq('select pg_temp.places((select later from m))', array['HALL-CLOSED 10 on'], 'it never came to the first');
update registry.equipment set channel_id = null where id = (select later from m);
select results_eq('select pg_temp.places((select later from m))', array['HALL-CLOSED 10 10'], 'nor, taken into storage, to any');
update registry.equipment set channel_id = pg_temp.hall('HALL-1') where id = (select later from m);
select results_eq('select pg_temp.places((select later from m))', array['HALL-1 10 on'], 'until it is placed again');
