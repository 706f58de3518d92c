-- What the indexes are for.

comment on index rollup.day_day is 'All operators by day.';
comment on index rollup.game_hour_hour is 'All operators by hour.';
comment on index rollup.hour_hour is 'All operators by hour.';
comment on index rollup.hour_breach is
  'Figures of records under a mark of breach: few, and looked for every morning.';
comment on index rollup.ingest_hour_hour is 'What came in lately, of all operators.';
comment on index rollup.ingest_hour_operator is 'What came in lately, of one operator.';
comment on index rollup.player_day_day is 'All accounts of a day: spreads, checks, retention.';
comment on index rollup.account_count_period is 'All operators by period.';
comment on index rollup.account_cohort_month is 'All operators by month.';
comment on index rollup.open_bets_month is 'All operators by month.';
comment on index rollup.hour_received_hour is 'What had arrived by a past moment.';
comment on index rollup.hour_received_marked is 'Marked records that arrived since a moment.';
comment on index rollup.game_hour_received_hour is 'What had arrived by a past moment, of games.';
comment on index rollup.month_month is 'All operators by month.';
comment on index rollup.game_day_day is 'All operators by day.';
comment on index rollup.mark_day_not_late is
  'Records under other marks than lateness: fewer, and asked for more often.';
comment on index rollup.mark_month_not_late is
  'Records under other marks than lateness: fewer, and asked for more often.';
