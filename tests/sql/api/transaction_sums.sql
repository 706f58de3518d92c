-- login: dozir_portal
select become('regulator');
select set_config('t.from', (date_trunc('hour', now()) - interval '20 days')::text, true);
select set_config('t.until', (date_trunc('hour', now()) + interval '1 hour')::text, true);

-- What the rows themselves add up to, and the hours in which they are.
create function pg_temp.counted(p_condition text) returns text[] language plpgsql as $body$
declare
  found text[];
begin
  execute format(
    'select array_agg(c.line order by c.line) from (
       select concat_ws('' '', t.currency, t.type,
         sum(case when t.cancel_reason = 0 then 1 else -1 end),
         sum(case when t.cancel_reason = 0 then t.amount_minor else -t.amount_minor end)) as line
       from api.transaction as t
       where t.occurred_at >= %L and t.occurred_at < %L and (%s)
       group by t.currency, t.type) as c where c.line not like ''%% 0 0''',
    current_setting('t.from'), current_setting('t.until'), p_condition) into found;
  return found;
end
$body$;
create function pg_temp.told(p_arguments text) returns text[] language plpgsql as $body$
declare
  found text[];
begin
  execute format(
    'select array_agg(c.line order by c.line) from (
       select concat_ws('' '', s.currency, s.type, s.number, s.amount_minor) as line
       from api.transaction_sums(%L, %L%s) as s) as c where c.line not like ''%% 0 0''',
    current_setting('t.from'), current_setting('t.until'), p_arguments) into found;
  return found;
end
$body$;

select isnt(pg_temp.told(''), null, 'there is something to add up');
select is(pg_temp.told(''), pg_temp.counted('true'), 'everything');
select is(
  pg_temp.told(format(', array[%s]', operator_id('TEST-ALPHA'))),
  pg_temp.counted(format('t.operator_id = %s', operator_id('TEST-ALPHA'))), 'of an operator');
select is(pg_temp.told(', p_currency => 980::smallint'), pg_temp.counted('t.currency = 980'), 'in a currency');
select is(pg_temp.told(', p_breach => 8::smallint'), pg_temp.counted('t.breach & 8 <> 0'), 'under a mark');
select is(pg_temp.told(', p_payment => 1::smallint'), pg_temp.counted('t.payment = 1'), 'paid so');
select is(
  pg_temp.told(format(', p_licences => array[%s]', (select min(l.id) from api.licence as l))),
  pg_temp.counted('t.licence_id = (select min(l.id) from api.licence as l)'), 'of a licence');
select is(
  pg_temp.told(format(', p_channels => array[%s]', (select min(c.id) from api.channel as c))),
  pg_temp.counted('t.channel_id = (select min(c.id) from api.channel as c)'), 'at a place');
select is(
  pg_temp.told(format(', p_games => array[%s]', (select min(g.id) from api.game as g))),
  pg_temp.counted('t.game_id = (select min(g.id) from api.game as g)'), 'of a game');
select is(
  pg_temp.told(format(', p_equipment => array[%s]', (select min(e.id) from api.equipment as e))),
  pg_temp.counted('t.equipment_id = (select min(e.id) from api.equipment as e)'), 'of equipment');
select is(
  pg_temp.told(', p_games => array[1], p_licences => array[1]'), array[''],
  'of both, for longer than an hour, nobody knows');

-- The hours in which there may be any leave out none in which there are.
select is_empty(
  format(
    'select date_trunc(''hour'', t.occurred_at) from api.transaction as t
     where t.occurred_at >= %1$L and t.occurred_at < %2$L and t.payment = 1
     except select h.hour from api.transaction_hours(
       %1$L, %2$L, null, null, null, null, null, null, null, null, 1::smallint, 1000) as h',
    current_setting('t.from'), current_setting('t.until')),
  'no hour is left out');
