-- login: superuser
-- A declaration is what it was when it was made; a correction stands beside it.
create function pg_temp.told(
  p_version integer default 1, p_closing bigint default 70, p_reason text default null, p_day date default null,
  p_currency integer default 840
) returns boolean language sql volatile as $$
  select api.declare_day(coalesce(p_day, (now() at time zone 'Europe/Kyiv')::date - 2), p_currency::smallint,
    p_version::smallint, '{1,0,0,0,-1}', '{100,0,0,0,-5}', 50, p_closing, 0, p_reason)
$$;
select become('operator', operator_id('TEST-BETA'));
select set_config('dozir.actor', 'key 7', true);
select is(pg_temp.told(), true, 'new');
select is(pg_temp.told(), false, 'the same again is there already');
select throws_ok('select pg_temp.told(p_closing => 71)', 'DZD04', null, 'other values of the same version');
select throws_ok('select pg_temp.told(3)', 'DZD03', null, 'a version is left out');
select throws_ok('select pg_temp.told(0)', 'DZD03', null, 'no version is before the first');
select throws_ok('select pg_temp.told(2, 71)', 'DZD05', null, 'a correction says why');
select throws_ok('select pg_temp.told(2, 71, '' '')', 'DZD05', null, 'in words');
select is(pg_temp.told(2, 71, 'late file'), true, 'a correction');
select is(pg_temp.told(1), false, 'the first stays as it was');
select throws_ok('select pg_temp.told(2, 71, ''another reason'')', 'DZD04');
select throws_ok('select pg_temp.told(p_day => (now() at time zone ''Europe/Kyiv'')::date)', 'DZD01', null, 'today is not over');
select throws_ok('select pg_temp.told(p_day => ''infinity'')', 'DZD01');
select throws_ok('select pg_temp.told(p_day => ''1990-01-01'')', 'DZD02', null, 'before the first licence');
select throws_ok('select pg_temp.told(p_currency => 1)', 'DZD06');
select throws_ok('select api.declare_day((now() at time zone ''Europe/Kyiv'')::date - 2, 980::smallint, 1::smallint,
  ''{1,2}'', ''{1,2,3,4,5}'', 0, 0, 0)', 'DZR03');
select throws_ok('select api.declare_day((now() at time zone ''Europe/Kyiv'')::date - 2, 980::smallint, 1::smallint,
  ''{1,2,3,4,null}'', ''{1,2,3,4,5}'', 0, 0, 0)', 'DZR03');
select throws_ok('select api.declare_month(''2026-01-02'', 980::smallint, 2::smallint, 1::smallint, ''cash'', 1)', 'DZR03');
select throws_ok('select api.declare_month(''2026-01-01'', 980::smallint, 2::smallint, 1::smallint, ''x'', 1)', 'DZR03');
select throws_ok('select api.declare_month(''2026-01-01'', 980::smallint, 3::smallint, 1::smallint, ''cash'', 1)', 'DZD08',
  null, 'no licence for that');
select throws_ok(format('select api.declare_month(%L, 980::smallint, 2::smallint, 1::smallint, ''cash'', 1)',
  date_trunc('month', now() at time zone 'Europe/Kyiv')::date), 'DZD01', null, 'this month is not over');

-- Nobody else sees it, and somebody else's day is not taken by it.
select become('operator', operator_id('TEST-ALPHA'));
select is_empty('select from api.declared_day where currency = 840');
select is(pg_temp.told(), true, 'the same day of another operator');
select become('operator', null);
select throws_ok('select pg_temp.told()', 'DZR01', null, 'for no operator');
select throws_ok(format('select pg_temp.told() from set_config(''dozir.operator_id'', %L, true)', '0'), 'DZD02', null, 'for nobody');
reset role;
select throws_ok('update report.declared_day set bet_count = 0', 'DZA01');
select throws_ok('delete from report.declared_day', 'DZA01');
select throws_ok('truncate report.declared_month', 'DZA01');

-- The log has each once, and its hash stands beside the declaration.
select is(
  (select count(*) from report.declared_day as d join ledger.entry as e on e.hash = d.entry_hash
    and e.kind = 5 and e.operator_id = d.operator_id where d.declared_at = now()), 3::bigint);
select is(
  (select document(e.entry)::jsonb - '{declared_at,day}'::text[]
    from report.declared_day as d join ledger.entry as e on e.hash = d.entry_hash
    where d.operator_id = operator_id('TEST-BETA') and d.version = 2),
  jsonb_build_object('record', 'day_declared', 'currency', 'USD', 'version', 2, 'actor', 'key 7',
    'reason_sha256', encode(sha256('late file'), 'hex'), 'opening_balance', '0.50', 'closing_balance', '0.71',
    'open_bets', '0.00', 'totals', jsonb_build_array(
      jsonb_build_object('type', 'bet', 'count', 1, 'amount', '1.00'),
      jsonb_build_object('type', 'win', 'count', 0, 'amount', '0.00'),
      jsonb_build_object('type', 'refund', 'count', 0, 'amount', '0.00'),
      jsonb_build_object('type', 'deposit', 'count', 0, 'amount', '0.00'),
      jsonb_build_object('type', 'withdrawal', 'count', -1, 'amount', '-0.05'))));
