-- login: superuser
create temporary table who as
with made as (
  insert into identity.person (role, operator_id, name_uk, name_en, organisation_uk, organisation_en)
  select r.role, o.id, r.name, r.name, 'x', 'x'
  from (values
    ('operator', 'TEST-ALPHA', 'a1'), ('operator', 'TEST-ALPHA', 'a2'), ('operator', 'TEST-BETA', 'b1'),
    ('regulator', null, 'r1'), ('regulator', null, 'r2'), ('auditor', null, 'u1'),
    ('tax_service', null, 't1')
  ) as r (role, operator, name)
  left join registry.operator as o on o.code = r.operator
  returning id, name_uk, role, operator_id
)
select * from made;
select appoint_all();
grant select on who to public;
create function pg_temp.act_as(p_name text) returns text language plpgsql as $$
declare
  one record;
begin
  reset role;
  select w.* into one from who as w where w.name_uk = p_name;
  perform become(one.role, one.operator_id);
  perform set_config('dozir.person_id', one.id::text, true);
  return p_name;
end $$;
create function pg_temp.take(p_hash text) returns bigint language sql as $$
select api.record_export(
  'R03', 'Назва', 'uk', '{"from": "2026-01-01"}', '[["Що", "Назва"]]', now(), 3,
  decode(repeat(p_hash, 32), 'hex'), 'csv', 'request')
$$;
select pg_temp.act_as('r1');
select isnt(pg_temp.take('01'), null, 'an official takes an export');
select pg_temp.act_as('a1');
select isnt(pg_temp.take('02'), null, 'an operator''s person takes one');
select pg_temp.act_as('b1');
select isnt(pg_temp.take('03'), null, 'and another''s');
-- Who sees what.
select is((select count(*) from api.export), 1::bigint, 'an operator sees nothing of another''s');
select is((select encode(sha256, 'hex') from api.export), repeat('03', 32), 'but its own');
select pg_temp.act_as('a2');
select is((select count(*) from api.export), 1::bigint, 'it sees what its people took, all of them');
select pg_temp.act_as('r2');
select is((select count(*) from api.export), 0::bigint, 'an official sees nothing of a colleague''s');
select pg_temp.act_as('r1');
select is((select count(*) from api.export), 1::bigint, 'but their own');
select cannot('select salt from audit.export', 'and never the salt');
select cannot('insert into api.export (name) values (''x'')', 'none is written past the function');
select cannot('update api.export set row_count = 0', 'none is changed');
select pg_temp.act_as('u1');
select is((select count(*) from api.export), 3::bigint, 'the auditor sees all');
select pg_temp.act_as('t1');
select is((select count(*) from api.export), 0::bigint, 'the tax service sees none of them');
select set_config('dozir.person_id', '', true);
select is((select count(*) from api.export), 0::bigint, 'whoever is nobody sees nothing');
select throws_ok('select pg_temp.take(''04'')', 'DZX02', null, 'and takes nothing');
reset role;
select throws_ok('select pg_temp.take(''04'')', 'DZX02', null, 'nor does who has no role');
-- It cannot be unmade, and the log commits to it without telling the hash.
select throws_ok('update audit.export set row_count = 9', 'DZA01', null, 'the owner changes nothing');
select throws_ok('delete from audit.export', 'DZA01', null, 'nor deletes');
select throws_ok('truncate audit.export cascade', 'DZA01', null, 'nor truncates');
select is(
  (select count(*) from audit.export as e join ledger.entry as l on l.hash = e.entry_hash and l.kind = 5),
  3::bigint, 'each has its entry');
select ok(
  (select bool_and(
    document(l.entry)::jsonb ->> 'commitment'
    = encode(sha256(uuid_send(e.salt) || e.sha256), 'hex'))
  from audit.export as e join ledger.entry as l on l.hash = e.entry_hash), 'which commits to the hash');
select ok(
  (select not bool_or(position(convert_to(encode(e.sha256, 'hex'), 'UTF8') in l.entry) > 0)
  from audit.export as e join ledger.entry as l on l.hash = e.entry_hash), 'and does not tell it');
set local role dozir_portal;
select ok(api.knows_export(decode(repeat('01', 32), 'hex')), 'the portal learns that a hash is known');
select ok(not api.knows_export(decode(repeat('0f', 32), 'hex')), 'or is not');
