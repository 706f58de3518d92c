-- login: superuser
select is(
  ledger.rfc3339('2026-10-25 03:30:00.000001+03'), '2026-10-25T00:30:00.000001Z', 'UTC, microseconds');
set local timezone = 'Europe/Kyiv';
select is(
  ledger.rfc3339('2026-11-20 12:00:00Z'), '2026-11-20T12:00:00.000000Z',
  'whatever the session''s time zone');
