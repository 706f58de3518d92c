create or replace function rollup.player_day_closes(p_day date) returns timestamptz
  language sql stable parallel safe
  return ((p_day + 1)::timestamp + interval '3 hours') at time zone 'Europe/Kyiv';
comment on function rollup.player_day_closes(date) is
  'When the accounts of a day (Europe/Kyiv) are closed: 03:00 of the next. What is taken back later '
  'does not make an account inactive any more; a bet that comes later still counts.';
