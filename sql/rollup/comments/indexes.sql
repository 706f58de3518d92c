-- What the indexes are for.

comment on index rollup.day_day is 'All operators by day.';
comment on index rollup.game_hour_hour is 'All operators by hour.';
comment on index rollup.hour_hour is 'All operators by hour.';
comment on index rollup.hour_breach is
  'Figures of records under a mark of breach: few, and looked for every morning.';
comment on index rollup.ingest_hour_hour is 'What came in lately, of all operators.';
comment on index rollup.ingest_hour_operator is 'What came in lately, of one operator.';
