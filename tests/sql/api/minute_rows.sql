-- login: superuser
select is(api.minute_rows('2026-11-28T10:00:59.9Z', 7), '{7}', 'the first minute of an hour');
select is(api.minute_rows('2026-11-28T10:02:00Z', 7), '{0,0,7}', 'minutes before it are zeros');
select is(cardinality(api.minute_rows('2026-11-28T10:59:00Z', 7)), 60, 'the last minute');
set local timezone = 'Asia/Kathmandu';
select is(
  api.minute_rows('2026-11-28T10:02:00Z', 7), '{0,0,7}', 'wherever the session is: hours are of UTC');
