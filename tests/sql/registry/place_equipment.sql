-- login: superuser
-- A machine goes to venues of its own operator, whoever asks and whatever way.
create temporary table foreign_hall as
with made as (
  insert into registry.channel (operator_id, code, kind, name_uk, name_en, active_from)
  values (operator_id('TEST-BETA'), 'BETA-HALL', 'venue', 'Зал', 'Hall', now()) returning id, operator_id
), placed as (
  insert into registry.venue (channel_id, operator_id, region, address) select id, operator_id, 'UA-30', '-' from made
)
select id from made;
grant select on foreign_hall to public;
create temporary table slot as
select id from registry.equipment where code = 'SLOT-1' and operator_id = operator_id('TEST-ALPHA');
grant select on slot to public;
select become(r.role, operator_id('TEST-ALPHA')), is(
  (select c.errors from slot as s, api.check_change('equipment', 'amend', s.id, operator_id('TEST-ALPHA'),
    jsonb_build_object('channel_id', h.id)) as c),
  '[{"code": "reference", "attribute": "channel_id"}]', r.role || ': another operator''s venue, or none, is said alike')
from (values ('operator'), ('regulator')) as r (role), (select id from foreign_hall union all select 999999) as h;
reset role;
select throws_ok(
  'update registry.equipment set channel_id = (select id from foreign_hall) where id = (select id from slot)', 'DZR03',
  'not a venue of this operator', 'nor does a write past the rules');
select throws_ok(
  'update registry.equipment set channel_id = (select c.id from registry.channel as c
    where c.code = ''SITE-1'' and c.operator_id = operator_id(''TEST-ALPHA'')) where id = (select id from slot)',
  'DZR03', null, 'and a website is no place for it');
