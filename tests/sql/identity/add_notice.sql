-- login: superuser
create temporary table who as
with made as (
  insert into identity.person (role, operator_id, name_uk, name_en, organisation_uk, organisation_en)
  select r.role, o.id, r.name, r.name, 'x', 'x'
  from (values
    ('operator', 'TEST-ALPHA', 'a1'), ('operator', 'TEST-BETA', 'b1'),
    ('regulator', null, 'r1'), ('regulator', null, 'r2'), ('auditor', null, 'u1')
  ) as r (role, operator, name)
  left join registry.operator as o on o.code = r.operator
  returning id, name_uk, role, operator_id
)
select * from made;
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
create function pg_temp.tell(p_name text, p_kind text, p_subject text) returns bigint language sql as $$
select identity.add_notice(w.id, p_kind, p_subject, '{}', null, '{"path": {}, "query": {}}')
from who as w where w.name_uk = p_name
$$;

-- Telling.
create temporary table told as
select pg_temp.tell('r1', 'licence_expiring', 'a') as id;
grant select on told to public;
select isnt((select id from told), null, 'somebody is told');
select is(pg_temp.tell('r1', 'licence_expiring', 'a'), null, 'the same once');
select is(pg_temp.tell('r1', 'key_expiring', 'a'), null, 'a role is told what concerns it');
select pg_temp.act_as('r2');
select is_empty('select 1 from api.notice', 'a colleague does not see it');
select ok(not (select api.read_notice(id, true) from told), 'nor reads it');
select is(api.set_notice('key_expiring', true, 'none'), false, 'no way for what a role is not told');
select ok(api.set_notice('licence_expiring', false, 'none'), 'a kind is switched off');
reset role;
select is(pg_temp.tell('r2', 'licence_expiring', 'b'), null, 'and told no more');
select pg_temp.act_as('r1');
select is((select count(*) from api.notice where read_at is null), 1::bigint, 'one is unread');
select is((select api.read_notices(id - 1) from told), 0::bigint, 'what came later stays unread');
select is((select api.read_notices(id) from told), 1::bigint, 'all up to it are read');
select ok((select api.read_notice(id, false) from told), 'one is marked as not read');
select is((select count(*) from api.notice where read_at is null), 1::bigint, 'and is unread');

-- The same person in another role sees nothing of it.
select become('auditor', null);
select is_empty('select 1 from api.notice', 'what is told in a role is seen in that role');

-- Schedules through both clock changes, shorter months and leap days.
reset role;
select results_eq(
  $$select identity.next_delivery(t.every, t.weekday, t.month_day, t.hour, t.after)
    from (values
      (1, 'day', 1, 1, 8, timestamptz '2026-03-28 08:00+02'),
      (2, 'day', 1, 1, 3, timestamptz '2026-03-28 04:00+02'),
      (3, 'day', 1, 1, 3, timestamptz '2026-10-24 04:00+03'),
      (4, 'day', 1, 1, 3, timestamptz '2026-10-25 01:00Z'),
      (5, 'week', 1, 1, 9, timestamptz '2026-11-27 12:00Z'),
      (6, 'week', 5, 1, 9, timestamptz '2026-11-27 07:00Z'),
      (7, 'month', 1, 31, 7, timestamptz '2028-01-31 06:00Z'),
      (8, 'month', 1, 15, 7, timestamptz '2026-11-27 12:00Z'),
      (9, 'month', 1, 1, 7, timestamptz '2026-12-31 23:30+02')
    ) as t (n, every, weekday, month_day, hour, after) order by t.n$$,
  array[
    '2026-03-29 05:00Z', '2026-03-29 01:00Z', '2026-10-25 01:00Z', '2026-10-26 01:00Z',
    '2026-11-30 07:00Z', '2026-12-04 07:00Z', '2028-02-29 05:00Z', '2026-12-15 05:00Z',
    '2027-01-01 05:00Z'
  ]::timestamptz[],
  'a schedule goes by the clock in Kyiv');

-- Subscriptions.
create function pg_temp.subscribe(p_name text) returns bigint language sql as $$
select api.save_subscription(
  null, p_name, 'reports.report', '{"path": {"code": "R03"}, "query": {}}', 'day', 1, 1, 8, 'uk', false)
$$;
select pg_temp.act_as('a1');
create temporary table made as select pg_temp.subscribe('Щоранку') as id;
grant select on made to public;
select throws_ok(
  $$select api.save_subscription(
    null, 'x', 'https://evil.example', '{}', 'day', 1, 1, 8, 'uk', false)$$,
  '23514', null, 'no address is kept');
select pg_temp.act_as('b1');
select is_empty('select 1 from api.subscription', 'another operator''s is not seen');
select ok(not (select api.stop_subscription(id) from made), 'nor stopped');
select ok(not (select api.pause_subscription(id, true) from made), 'nor paused');
select is(
  (select api.save_subscription(
    id, 'y', 'x.y', null, 'day', 1, 1, 9, 'uk', false) from made),
  null, 'nor changed');

-- Delivery: with the rights of the moment.
select become(null::text);
select is_empty('select 1 from api.claim_subscription(60)', 'nothing is due yet');
reset role;
update identity.subscription set next_at = now() - interval '3 days' where id = (select id from made);
select results_eq(
  'select c.id, c.attempt from api.claim_subscription(60) as c', 'select id, 1 from made',
  'what is due is taken');
select is_empty('select 1 from api.claim_subscription(60)', 'by one runner');
select is(
  (select api.end_delivery(id, 2, 'delivered', '{}', 'x.y', '{}', null) from made), null,
  'a runner that was given up is not heard');
select isnt(
  (select api.end_delivery(
    id, 1, 'delivered', '{"name": "Щоранку"}', 'reports.report', '{"path": {}, "query": {}}', null)
  from made),
  null, 'it is delivered');
select ok((select s.next_at > now() from identity.subscription as s join made using (id)),
  'what was missed comes once');
update identity.subscription set next_at = now() - interval '1 day' where id = (select id from made);
update identity.person set active_until = now() - interval '1 second' where name_uk = 'a1';
select is_empty('select 1 from api.claim_subscription(60)', 'who has left gets nothing');
select results_eq(
  'select d.outcome from identity.delivery as d join made on made.id = d.subscription_id order by d.id',
  array['delivered', 'no_rights'], 'and the log says so');
select pg_temp.act_as('u1');
select results_eq(
  'select d.outcome from api.delivery as d join made on made.id = d.subscription_id order by d.id',
  array['delivered', 'no_rights'], 'the auditor reads the log');
select pg_temp.act_as('b1');
select is_empty('select 1 from api.delivery', 'others do not');

-- Mail: nothing can be added to a header, nobody reads what it says.
select throws_ok(
  $$select api.set_contact(E'a@x.example\nBcc: b@y.example', 'uk', 8)$$, '23514', null,
  'a line end is no address');
select throws_ok(
  $$select api.set_contact('a@x.example, b@y.example', 'uk', 8)$$, '23514', null, 'nor are two');
select ok(api.set_contact('a@x.example', 'uk', 8), 'an address is to be confirmed');
select throws_ok(
  $$select api.queue_mail(
    nullif(current_setting('dozir.person_id'), '')::integer, 'digest', 'a@x.example', 's', 'b', null)$$,
  'DZX02', null, 'people send no mail');
select throws_ok(
  $$select api.queue_mail(
    nullif(current_setting('dozir.person_id'), '')::integer, 'confirm', 'a@x.example',
    E's\r\nBcc: b@y.example', 'b', null)$$,
  '23514', null, 'a subject is one line');
select throws_ok('select recipient from identity.mail', '42501', null, 'nor read where it goes');
reset role;
select is((select api.confirm_contact(id, 'b@y.example') from who where name_uk = 'b1'), false,
  'another address is not confirmed');
select ok((select api.confirm_contact(id, 'a@x.example') from who where name_uk = 'b1'), 'theirs is');

-- The start page.
select pg_temp.act_as('b1');
select lives_ok($$select api.arrange_dashboard('{win,ggr}', '{ggr}')$$, 'a start page is arranged');
select results_eq(
  'select cards, hidden from api.dashboard', $$values ('{win,ggr}'::text[], '{ggr}'::text[])$$,
  'as it was said');
select pg_temp.act_as('r1');
select is_empty('select 1 from api.dashboard', 'for that person alone');
