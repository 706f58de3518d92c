-- login: superuser
select is(ledger.microseconds('2000-01-01 00:00:00Z'), 0::bigint, 'counts from 2000');
select is(ledger.microseconds('2000-01-01 00:00:00.000001Z'), 1::bigint, 'in microseconds');
select is(ledger.microseconds('1999-12-31 23:59:59Z'), (-1000000)::bigint, 'negative before');
select is(ledger.microseconds('infinity'), 9223372036854775807, 'infinity is the largest');
select is(ledger.microseconds('-infinity'), -9223372036854775808, 'and the smallest');
select is(
  int8send(ledger.microseconds(m)), timestamptz_send(m), format('the bytes of binary COPY: %s', m))
from unnest(array[
  '2026-11-20 11:05:00.123Z', '0001-01-01 00:00:00Z', '2026-10-25 03:30+03', '9999-12-31 23:59:59.999999Z'
]::timestamptz[]) as u (m);
