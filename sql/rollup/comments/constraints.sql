-- Why the rules are there.

comment on constraint ck_account_count_grain on rollup.account_count is 'The periods there are.';
comment on constraint ck_account_count_start on rollup.account_count is
  'A period is named by its first day: a week by its Monday.';
comment on constraint ck_account_spread_grain on rollup.account_spread is 'The periods there are.';
comment on constraint ck_account_spread_arrays on rollup.account_spread is
  'Twenty points of the curve, and a count for each step.';
comment on constraint ck_player_period_grain on rollup.player_period is 'The periods there are.';
comment on constraint ck_game_progress_singleton on rollup.game_progress is 'One row.';
comment on constraint ck_game_progress_hour on rollup.game_progress is 'A whole hour.';
comment on constraint ck_player_progress_singleton on rollup.player_progress is 'One row.';
comment on constraint ck_player_progress_leaf_count on rollup.player_progress is 'Leaves begin with 0.';
comment on constraint ck_open_bets_month on rollup.open_bets is 'Named by its first day.';
comment on constraint ck_open_bet_record_told on rollup.open_bet_record is 'What api.open_bet_records tells.';
comment on constraint ck_month_month on rollup.month is 'Named by its first day.';
comment on constraint ck_month_received on rollup.month is 'Named by its first day.';
comment on constraint ck_mark_day_breach on rollup.mark_day is 'What is not marked is not here.';
comment on constraint ck_mark_month_breach on rollup.mark_month is 'What is not marked is not here.';
comment on constraint ck_market_mark_day_breach on rollup.market_mark_day is
  'What is not marked is not here.';
comment on constraint ck_request_hour_hour on rollup.request_hour is 'A whole hour.';
comment on constraint ck_request_hour_endpoint on rollup.request_hour is 'As operations are named.';
comment on constraint ck_request_hour_outcome on rollup.request_hour is 'As codes are written.';
comment on constraint ck_request_hour_count on rollup.request_hour is
  'What is not there has no row; faults are among all.';
comment on constraint ck_request_day_count on rollup.request_day is
  'What is not there has no row; faults are among all.';
