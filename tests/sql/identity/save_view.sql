-- login: superuser
create temporary table who as
with made as (
  insert into identity.person (role, operator_id, name_uk, name_en, organisation_uk, organisation_en)
  select r.role, o.id, r.name, r.name, 'x', 'x'
  from (values
    ('operator', 'TEST-ALPHA', 'a1'), ('operator', 'TEST-ALPHA', 'a2'), ('operator', 'TEST-BETA', 'b1'),
    ('regulator', null, 'r1'), ('regulator', null, 'r2'), ('auditor', null, 'u1')
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
create function pg_temp.save(p_name text, p_shared boolean) returns bigint language sql as $$
select api.save_view(p_name, 'registry.records', '{"path": {}, "query": {}}', p_shared)
$$;
select pg_temp.act_as('r1');
select isnt(pg_temp.save('Мій', false), null, 'a view is saved');
create temporary table shared as select pg_temp.save('Спільний', true) as id;
grant select on shared to public;
select throws_ok('select pg_temp.save(''мІЙ'', false)', 'DZX04', null, 'a name once');
select throws_ok(
  'select api.save_view(''x'', ''https://evil.example'', ''{}'', true)', '23514', null, 'no address is kept');
select pg_temp.act_as('r2');
select results_eq('select name from api.saved_view', array['Спільний'], 'a colleague sees what is shared');
select ok(not (select api.rename_view(id, 'Інший', false) from shared), 'and does not rename it');
select ok(not (select api.remove_view(id, true) from shared), 'nor removes it');
select lives_ok('select pg_temp.save(''Мій'', false)', 'others may use the same name');
select pg_temp.act_as('u1');
select is_empty('select from api.saved_view', 'another workspace sees nothing');
select pg_temp.act_as('a1');
select lives_ok('select pg_temp.save(''Альфа'', true)', 'an operator''s person shares a view');
select pg_temp.act_as('a2');
select results_eq('select name from api.saved_view', array['Альфа'], 'within the operator');
select pg_temp.act_as('b1');
select is_empty('select from api.saved_view', 'and not beyond');
select pg_temp.act_as('r1');
select ok((select api.remove_view(id, true) from shared), 'its person removes it');
select ok(not (select api.remove_view(id, true) from shared), 'once');
select pg_temp.act_as('r2');
select is_empty('select from api.saved_view where name = ''Спільний''', 'then nobody else sees it');
select pg_temp.act_as('r1');
select ok((select api.remove_view(id, false) from shared), 'it comes back');
select ok((select api.rename_view(id, 'Перейменований', false) from shared), 'under another name, not shared');
select pg_temp.act_as('r2');
select is_empty('select from api.saved_view where name <> ''Мій''', 'which ends the sharing');
select set_config('dozir.person_id', '', true);
select throws_ok('select pg_temp.save(''x'', false)', 'DZX02', null, 'nobody saves nothing');
