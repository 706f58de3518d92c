-- login: superuser
-- Codes of well-known enterprises, as every public register shows them.
select ok(registry.is_edrpou(c), format('%s is right', c))
from unnest(array['00032129', '14360570', '20077720', '21560766', '00100227', '00131305', '00032112']) as u (c);
select ok(not registry.is_edrpou(c), format('%s is refused', c))
from unnest(array['14360571', '00032128', '20077721', '00000000', '1436057', '143605700', '1436057A', '', '14360750'])
as u (c);
select is(
  (select count(*)::integer from generate_series(0, 9) as d where registry.is_edrpou('1436057' || d)), 1,
  'one check digit alone is right');
