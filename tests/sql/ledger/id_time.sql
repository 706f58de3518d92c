-- login: superuser
select is(
  ledger.id_time('0193e2f0-4d6b-7abc-8def-0123456789ab'),
  timestamptz 'epoch' + interval '1 millisecond' * x'0193e2f04d6b'::bigint,
  'the first 48 bits are milliseconds since 1970');
select is(ledger.id_time('00000000-0000-7000-8000-000000000000'), timestamptz 'epoch', 'zero');
select is(
  ledger.id_time('00000000-0001-7000-8000-000000000000'),
  timestamptz '1970-01-01 00:00:00.001Z', 'one millisecond');
-- RFC 9562, appendix A.6: the example of version 7
select is(
  ledger.id_time('017f22e2-79b0-7cc3-98c4-dc0c0c07398f'),
  timestamptz '2022-02-22 19:22:22Z', 'the example of RFC 9562');
select is(
  date_trunc('second', ledger.id_time('ffffffff-ffff-7fff-bfff-ffffffffffff')),
  timestamptz '10889-08-02 05:31:50Z', 'the last moment there is');
select is_empty($$
  select from generate_series(0, 999) as g (ms)
  where ledger.id_time((lpad(to_hex(1795176000000 + g.ms), 12, '0') || repeat('0', 20))::uuid)
    <> timestamptz '2026-11-20 12:00:00Z' + make_interval(secs => g.ms / 1000.0)
$$, 'exact for each millisecond of a second');
select is(ledger.id_time(null), null, 'null gives null');
