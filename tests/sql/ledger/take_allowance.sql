-- login: superuser
-- A token bucket: all of both or nothing, more only while half remains, never above its size.
select registry.limit_access_key(key_of('TEST-GAMMA'), 1000, 40000, 1000, 20000000);

select results_eq(
  $$select granted, more_granted, wait_s, rows_left, bytes_left
    from ledger.take_allowance(key_of('TEST-GAMMA'), 1000, 500, 100, 0, 0.25)$$,
  $$values (true, true, 0::double precision, 38650::bigint, 19999250::bigint)$$,
  'a key begins with a full bucket: the burst less what comes in during a lease');
update registry.key_allowance set counted_at = clock_timestamp() + interval '1 hour'; -- no refill
select results_eq(
  $$select granted, more_granted, rows_left, bytes_left
    from ledger.take_allowance(key_of('TEST-GAMMA'), 30000, 0, 100, 0, 0.25)$$,
  $$values (true, false, 8650::bigint, 19999250::bigint)$$,
  'below half a bucket nothing is leased');
select results_eq(
  $$select granted, round(wait_s::numeric, 1), rows_left, bytes_left
    from ledger.take_allowance(key_of('TEST-GAMMA'), 9000, 7, 0, 0, 0.25)$$,
  $$values (false, 0.4, 8650::bigint, 19999250::bigint)$$,
  'more rows than there are: nothing is taken, of bytes neither, and it says how long to wait');
select results_eq(
  $$select granted, rows_left from ledger.take_allowance(key_of('TEST-GAMMA'), 0, 20000000, 0, 0, 0.25)$$,
  $$values (false, 8650::bigint)$$, 'more bytes than there are');
update registry.key_allowance set counted_at = clock_timestamp() - interval '1 year';
select results_eq(
  $$select rows_left, bytes_left from ledger.take_allowance(key_of('TEST-GAMMA'), 0, 0, 0, 0, 0.25)$$,
  $$values (39750::bigint, 19999750::bigint)$$, 'however long it fills, it holds no more');
select throws_ok(
  $$select ledger.take_allowance(key_of('TEST-GAMMA'), -1, 0, 0, 0, 0.25)$$, '22023', null,
  'nobody gives back');
select throws_ok(
  $$select ledger.take_allowance(key_of('TEST-GAMMA'), 1, 0, 0, 0, 9)$$, '22023', null,
  'a lease is no longer than the bucket allows for');
select throws_ok(
  'select ledger.take_allowance(0, 1, 0, 0, 0, 0.25)', 'DZK01', null, 'an unknown key');
