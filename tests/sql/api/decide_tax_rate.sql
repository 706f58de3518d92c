-- login: superuser
-- A rate changes when one official proposes and another confirms; nothing is changed or lost otherwise.
create function pg_temp.as_official(p_person integer) returns text language sql volatile as $$
  select become('tax_service') || set_config('dozir.person_id', coalesce(p_person::text, ''), true)
    || set_config('dozir.actor', 'person ' || coalesce(p_person::text, ''), true)
$$;
create function pg_temp.proposed(
  p_action text, p_ppm integer, p_from date, p_until date, p_class text default 'lotteries'
) returns bigint language sql volatile as $$
  select api.propose_tax_rate(
    p_action, 'ggr_tax', p_class, p_ppm, case p_action when 'set' then 'ggr' end,
    case p_action when 'set' then 'floor' end, p_from, p_until, 'act', 'source', 'why')
$$;
create function pg_temp.newest() returns bigint language sql as $$
  select max(id) from api.tax_rate where kind = 'ggr_tax' and tax_class = 'lotteries'
$$;
create function pg_temp.standing() returns table (ppm integer, since date, until date, by_whom text)
language sql as $$
  select rate_ppm, valid_from, valid_until, verified_by from api.tax_rate
  where kind = 'ggr_tax' and tax_class = 'lotteries' and recorded_until = 'infinity' order by 2
$$;
create temporary table had as
select min(id) as first, max(id) as second, 0::bigint as change, 0::bigint as other
from identity.person where role = 'tax_service';
grant all on had to public;

-- What stands there from the start is not confirmed, and says where it is from.
select is_empty('select from registry.tax_rate where verified_by is not null or source = ''''');
select is((select count(*) from registry.tax_rate), 7::bigint, 'the rates of the facts, and no other');

-- Nobody in particular can neither propose nor decide.
select pg_temp.as_official(null);
select throws_ok('select pg_temp.proposed(''set'', 1, ''2026-01-01'', null)', 'DZR02');
select throws_ok('select api.decide_tax_rate(1, ''confirm'')', 'DZR02');

-- One proposes; the same person cannot decide, whatever it calls itself.
select pg_temp.as_official(first) from had;
update had set change = pg_temp.proposed('set', 250000, '2026-03-16', '2026-07-01');
select throws_ok(format('select api.decide_tax_rate(%s, ''confirm'', null, %s)', change, pg_temp.newest()), 'DZW05')
from had;
select throws_ok(format('select api.decide_tax_rate(%s, ''refuse'', ''no'')', change), 'DZW05') from had;
select set_config('dozir.actor', 'person 999', true);
select throws_ok(format('select api.decide_tax_rate(%s, ''confirm'', null, %s)', change, pg_temp.newest()), 'DZW05',
  null, 'another name is not another person') from had;
select results_eq('select * from pg_temp.standing()',
  'values (300000, ''-infinity''::date, ''infinity''::date, null::text)', 'a proposal changes nothing');

-- Another may: refuses with a reason, must have seen what stands, and cannot withdraw.
select pg_temp.as_official(second) from had;
select throws_ok(format('select api.decide_tax_rate(%s, ''refuse'', '' '')', change), 'DZW04') from had;
select throws_ok(format('select api.decide_tax_rate(%s, ''withdraw'')', change), 'DZW05') from had;
select throws_ok(format('select api.decide_tax_rate(%s, ''approve'')', change), 'DZR04') from had;
select throws_ok(format('select api.decide_tax_rate(%s, ''confirm'', null, 0)', change), 'DZW03') from had;
select throws_ok('select api.decide_tax_rate(999999, ''confirm'')', 'DZR01');
select is(api.decide_tax_rate(change, 'confirm', null, pg_temp.newest()), 'confirmed') from had;
select results_eq('select * from pg_temp.standing()',
  format($$values (300000, '-infinity'::date, '2026-03-16'::date, null::text),
    (250000, '2026-03-16'::date, '2026-07-01'::date, 'person %s'), (300000, '2026-07-01'::date, 'infinity'::date, null)$$,
    second),
  'the period is replaced; what lies before and after goes on, as unconfirmed as it was')
from had;
select throws_ok(format('select api.decide_tax_rate(%s, ''confirm'', null, %s)', change, pg_temp.newest()), 'DZW01')
from had;
select is((select count(*) from api.tax_rate where recorded_until = now() and tax_class = 'lotteries'), 1::bigint,
  'and what stood there stays in the records');

-- The end of a rate, a withdrawal, a refusal.
update had set change = pg_temp.proposed('end', null, '2026-12-01', null);
update had set other = pg_temp.proposed('set', 1, '2026-01-01', null);
select is(api.decide_tax_rate(other, 'withdraw'), 'withdrawn') from had;
select pg_temp.as_official(first) from had;
select is(api.decide_tax_rate(change, 'confirm', null, pg_temp.newest()), 'confirmed') from had;
select is((select max(until) from pg_temp.standing()), '2026-12-01'::date, 'no rate from then on');
select throws_ok('select pg_temp.proposed(''end'', null, ''2027-01-01'', null)', 'DZR03', null, 'nothing to end');
update had set other = pg_temp.proposed('set', 1, '2026-01-01', null);
select pg_temp.as_official(second) from had;
select is(api.decide_tax_rate(other, 'refuse', 'no act says so'), 'refused') from had;

-- What makes no sense, by field.
select throws_ok(
  'select api.propose_tax_rate(''set'', ''pit'', ''slot_machines'', 1000001, ''ggr'', ''floor'', ''2026-02-01'',
   ''2026-01-01'', '''', '' '', null)', 'DZR03');
select throws_ok('select pg_temp.proposed(''set'', -1, ''2026-01-01'', null)', 'DZR03', null, 'below zero');
select throws_ok('select pg_temp.proposed(''set'', 1, ''9999-01-01'', null)', 'DZR03', null, 'an absurd year');
select throws_ok('select pg_temp.proposed(''set'', 1, null, null)', 'DZR03', null, 'no beginning');
select throws_ok('select pg_temp.proposed(''set'', 1, ''2026-01-01'', null, ''operator_profit'')', 'DZR03', null,
  'another tax''s class');
select throws_ok('select pg_temp.proposed(''x'', 1, ''2026-01-01'', null)', 'DZR03', null, 'unknown action');

-- The tables hold the rule by themselves, and the owner cannot unmake what was recorded.
reset role;
select throws_ok(format('insert into registry.tax_rate_change (action, kind, tax_class, rate_ppm, base, loss_rule,
  valid_from, act, source, reason, state, proposed_by, proposed_person, decided_at, decided_by, decided_person)
  select ''set'', ''pit'', ''winnings'', 1, ''win'', ''none'', ''2026-01-01'', ''a'', ''s'', ''r'', ''confirmed'', ''x'', %1$s,
  now(), ''y'', %1$s', first), '23514') from had;
select throws_ok('update registry.tax_rate set rate_ppm = 1', 'DZA03');
select throws_ok('update registry.tax_rate_change set decision_reason = ''x'' where state <> ''proposed''', 'DZA03', null, 'decided once');
select throws_ok('delete from registry.tax_rate', 'DZA02');
select throws_ok('delete from registry.tax_rate_change', 'DZA02');

-- Each step is in the log once, by whom, without free text.
select results_eq($$
  select document(e.entry)::jsonb ->> 'decision'
  from ledger.entry as e where e.kind = 4 and e.entered_at = now()
  and document(e.entry) ~ 'tax_rate' order by e.id$$,
  $$values ('tax_rate_proposed'), ('tax_rate_confirmed'), ('tax_rate_proposed'), ('tax_rate_proposed'),
    ('tax_rate_withdrawn'), ('tax_rate_confirmed'), ('tax_rate_proposed'), ('tax_rate_refused')$$);
select is_empty($$select from ledger.entry as e where e.kind = 4 and e.entered_at = now()
  and document(e.entry) ~ 'no act says so'$$);
