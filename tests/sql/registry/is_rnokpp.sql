-- login: superuser
select ok(registry.is_rnokpp('3184710691'), 'the number that the tax service gives as its example');
select ok(not registry.is_rnokpp(c), format('%s is refused', c))
from unnest(array['3184710692', '3184710961', '0000000000', '318471069', '31847106911', '318471069a', '']) as u (c);
select is(
  (select count(*)::integer from generate_series(0, 9) as d where registry.is_rnokpp('318471069' || d)), 1,
  'one check digit alone is right');
