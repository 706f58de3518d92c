-- login: superuser
select results_eq(
  'select ledger.type_name(t::smallint) from generate_series(1, 5) as t',
  array['bet', 'win', 'refund', 'deposit', 'withdrawal'],
  'the names of the wire');
