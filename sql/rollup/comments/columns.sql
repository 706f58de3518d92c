-- What the columns of the rollups hold, where a name alone does not say it.

comment on column rollup.hour.shard is
  'Number of the node that counted; nodes never share a row, a report adds them up.';
comment on column rollup.hour.payment is
  'As in ledger.transaction: 1 cash, 2 card, 3 bank transfer, 4 e-wallet, 5 balance, 6 chips.';
comment on column rollup.hour.flags is 'As in ledger.transaction, bit mask: 1 bonus stake.';
comment on column rollup.hour.breach is
  'As in ledger.transaction, bit mask: 1 licence not in force, 2 licence of another type, '
  '4 object inactive, 8 late.';
comment on column rollup.hour.hour is 'Of the event: start of the hour, UTC.';
comment on column rollup.hour.currency is 'ISO 4217 numeric code.';
comment on column rollup.hour.received_hour is
  'Hour (UTC) of arrival; figures as of a past moment leave out what came later.';
comment on column rollup.hour.bet_count is 'Records of type bet, less those that cancel one.';
comment on column rollup.hour.bet_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.hour.win_count is 'Records of type win, less those that cancel one.';
comment on column rollup.hour.win_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.hour.refund_count is 'Records of type refund, less those that cancel one.';
comment on column rollup.hour.refund_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.hour.deposit_count is
  'Records of type deposit, less those that cancel one.';
comment on column rollup.hour.deposit_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.hour.withdrawal_count is
  'Records of type withdrawal, less those that cancel one.';
comment on column rollup.hour.withdrawal_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';

comment on column rollup.game_hour.shard is
  'Number of the node that counted; nodes never share a row, a report adds them up.';
comment on column rollup.game_hour.game_id is '0 where the transactions named no game.';
comment on column rollup.game_hour.equipment_id is '0 where the transactions named no equipment.';
comment on column rollup.game_hour.hour is 'Of the event: start of the hour, UTC.';
comment on column rollup.game_hour.currency is 'ISO 4217 numeric code.';
comment on column rollup.game_hour.received_hour is
  'Hour (UTC) of arrival; figures as of a past moment leave out what came later.';
comment on column rollup.game_hour.bet_count is 'Records of type bet, less those that cancel one.';
comment on column rollup.game_hour.bet_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.game_hour.win_count is 'Records of type win, less those that cancel one.';
comment on column rollup.game_hour.win_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.game_hour.refund_count is
  'Records of type refund, less those that cancel one.';
comment on column rollup.game_hour.refund_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.game_hour.deposit_count is
  'Records of type deposit, less those that cancel one.';
comment on column rollup.game_hour.deposit_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.game_hour.withdrawal_count is
  'Records of type withdrawal, less those that cancel one.';
comment on column rollup.game_hour.withdrawal_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';

comment on column rollup.day.shard is
  'Number of the node that counted; nodes never share a row, a report adds them up.';
comment on column rollup.day.day is 'Of the event: day of Europe/Kyiv.';
comment on column rollup.day.currency is 'ISO 4217 numeric code.';
comment on column rollup.day.received_day is
  'Day (Europe/Kyiv) of arrival; figures as of a past moment leave out what came later.';
comment on column rollup.day.bet_count is 'Records of type bet, less those that cancel one.';
comment on column rollup.day.bet_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.day.win_count is 'Records of type win, less those that cancel one.';
comment on column rollup.day.win_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.day.refund_count is 'Records of type refund, less those that cancel one.';
comment on column rollup.day.refund_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.day.deposit_count is
  'Records of type deposit, less those that cancel one.';
comment on column rollup.day.deposit_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.day.withdrawal_count is
  'Records of type withdrawal, less those that cancel one.';
comment on column rollup.day.withdrawal_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';

comment on column rollup.ingest_hour.shard is
  'Number of the node that counted; nodes never share a row, a report adds them up.';
comment on column rollup.ingest_hour.hour is 'Of arrival: start of the hour, UTC.';
comment on column rollup.ingest_hour.batch_count is 'Batches accepted.';
comment on column rollup.ingest_hour.row_count is 'Records in the accepted batches.';
comment on column rollup.ingest_hour.refusal_count is 'Requests refused, whatever the reason.';
comment on column rollup.ingest_hour.late_count is
  'Accepted records that came more than 15 minutes after the event.';
comment on column rollup.ingest_hour.lag_histogram is
  'Records by lag between event and arrival: element n counts floor(4 * log2(milliseconds)) = n - 1.';
comment on column rollup.ingest_hour.last_at is 'Arrival of the last batch or refusal.';
comment on column rollup.ingest_hour.minute_rows is
  'Records by minute of arrival: element n is minute n - 1; those after the last with records are left out.';

comment on column rollup.hour.operator_id is 'Whose it is: registry.operator.';
comment on column rollup.hour.licence_id is 'registry.licence.';
comment on column rollup.hour.channel_id is 'registry.channel.';
comment on column rollup.hour.gambling_type_id is 'That of the licence.';

comment on column rollup.game_hour.operator_id is 'Whose it is: registry.operator.';

comment on column rollup.day.operator_id is 'Whose it is: registry.operator.';
comment on column rollup.day.licence_id is 'registry.licence.';
comment on column rollup.day.gambling_type_id is 'That of the licence.';

comment on column rollup.ingest_hour.operator_id is 'Whose it is: registry.operator.';
comment on column rollup.ingest_hour.access_key_id is 'registry.access_key.';

comment on column rollup.player_day.operator_id is 'Whose account it is: registry.operator.';
comment on column rollup.player_day.shard is 'Number of the node that counted.';
comment on column rollup.player_day.player is
  'The operator''s pseudonym of the account; never shown by a view.';
comment on column rollup.player_day.day is 'Of the event: day of Europe/Kyiv.';
comment on column rollup.player_day.gambling_type_id is 'That of the licence.';
comment on column rollup.player_day.currency is 'ISO 4217 numeric code.';
comment on column rollup.player_day.bets is
  'Bets of the day, less those taken back before it closed; the account is active where it is positive.';
comment on column rollup.player_day.stake_minor is
  'Sum of the day''s bets in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.player_day.win_minor is 'Sum of its wins, cancelling ones subtracted.';
comment on column rollup.player_day.refund_minor is 'Sum of its refunds, cancelling ones subtracted.';
comment on column rollup.player_day.deposit_minor is 'Sum of its deposits, cancelling ones subtracted.';
comment on column rollup.player_day.withdrawal_minor is
  'Sum of its withdrawals, cancelling ones subtracted.';
comment on column rollup.player_day.night_stake_minor is
  'Of stake_minor, what was staked from 00:00 to 06:00 in Kyiv.';

comment on column rollup.account_count.operator_id is 'Whose accounts: registry.operator.';
comment on column rollup.account_count.shard is
  'Number of the node that counted; a report adds nodes up.';
comment on column rollup.account_count.grain is 'day, week, month or quarter.';
comment on column rollup.account_count.period_start is 'First day (Europe/Kyiv) of the period.';
comment on column rollup.account_count.gambling_type_id is
  'Of the bets; 0: over all types, each account once.';
comment on column rollup.account_count.active_count is
  'Accounts with a bet in the period that was not taken back before its day closed.';
comment on column rollup.account_count.new_count is
  'Those of them without such a bet on any earlier day that was kept.';
comment on column rollup.account_count.active_days is
  'The days of the period on which they were active, added up over all of them.';

comment on column rollup.account_spread.grain is 'day, week, month or quarter.';
comment on column rollup.account_spread.period_start is 'First day (Europe/Kyiv) of the period.';
comment on column rollup.account_spread.operator_id is 'Whose accounts; 0: of all operators together.';
comment on column rollup.account_spread.shard is 'Number of the node; its own accounts alone.';
comment on column rollup.account_spread.gambling_type_id is 'Of the bets; 0: over all types.';
comment on column rollup.account_spread.currency is 'ISO 4217 numeric code.';
comment on column rollup.account_spread.until_day is
  'Last day that is in it: the period''s last, or the last that was closed.';
comment on column rollup.account_spread.account_count is 'Accounts active in this currency.';
comment on column rollup.account_spread.night_account_count is
  'Those of them with a stake from 00:00 to 06:00 in Kyiv.';
comment on column rollup.account_spread.stake_minor is 'Their stakes.';
comment on column rollup.account_spread.night_stake_minor is 'Of these, from 00:00 to 06:00 in Kyiv.';
comment on column rollup.account_spread.ggr_minor is 'Their stakes less refunds and wins.';
comment on column rollup.account_spread.gain_minor is
  'The same of those accounts alone of which it is positive.';
comment on column rollup.account_spread.top1_minor is
  'Of gain_minor, that of the 1 % of accounts (rounded up) that lost most.';
comment on column rollup.account_spread.top10_minor is
  'Of gain_minor, that of the 10 % of accounts (rounded up) that lost most.';
comment on column rollup.account_spread.lorenz_minor is
  'Element k: of gain_minor, that of the k twentieths of accounts (rounded down) that lost least.';
comment on column rollup.account_spread.loss_steps is 'Losses in minor units; see rollup.loss_steps.';
comment on column rollup.account_spread.loss_counts is 'Accounts that lost more than each of the steps.';

comment on column rollup.account_cohort.operator_id is 'Whose accounts: registry.operator.';
comment on column rollup.account_cohort.shard is 'Number of the node.';
comment on column rollup.account_cohort.month is 'First day of the month in which they were active.';
comment on column rollup.account_cohort.gambling_type_id is 'Of the bets; 0: over all types.';
comment on column rollup.account_cohort.cohort is
  'First day of the month in which they were first active.';
comment on column rollup.account_cohort.account_count is 'How many.';

comment on column rollup.player_period.grain is 'day, week, month or quarter.';
comment on column rollup.player_period.period_start is 'First day (Europe/Kyiv) of the period.';
comment on column rollup.player_period.changes is 'How often records of the period were counted.';
comment on column rollup.player_period.made_changes is
  'What that was when its spread was made; -1 while days of it are to come.';
comment on column rollup.player_period.made_at is 'When its spread was made last.';

comment on column rollup.game_progress.singleton is 'There is one row.';
comment on column rollup.game_progress.counted_until is
  'Whatever arrived before this moment is in rollup.game_day, play_day, play_month, equipment_month, '
  'mark_day and mark_month, and nothing else.';
comment on column rollup.player_progress.singleton is 'There is one row.';
comment on column rollup.player_progress.leaf_count is
  'Entries of the log (ledger.leaf) that are counted: all before this place.';
comment on column rollup.player_progress.counted_until is
  'Whatever arrived before this moment is counted.';
comment on column rollup.player_progress.kept_from is
  'First day whose accounts are kept; nothing earlier is counted.';
comment on column rollup.player_progress.dropped_before is
  'Days before this were kept and are dropped; null while none was: until then who '
  'is new can be recounted.';
comment on column rollup.open_bets.operator_id is 'Whose bets.';
comment on column rollup.open_bets.shard is 'Number of the node that counted.';
comment on column rollup.open_bets.month is
  'First day of the month (Europe/Kyiv) as which began they were open.';
comment on column rollup.open_bets.gambling_type_id is 'Kind of gambling.';
comment on column rollup.open_bets.currency is 'ISO 4217 numeric code.';
comment on column rollup.open_bets.proven_count is
  'Open bets: a result came after, or they were taken back after.';
comment on column rollup.open_bets.proven_minor is 'Their stakes in minor units.';
comment on column rollup.open_bets.unresolved_count is
  'Bets without any result in the window, where those may be open.';
comment on column rollup.open_bets.unresolved_minor is 'Their stakes in minor units.';
comment on column rollup.open_bets.voided_count is
  'Refunds of the open bets after, and bets taken back after.';
comment on column rollup.open_bets.voided_minor is 'Their sum in minor units.';
comment on column rollup.open_bets.won_count is 'Winnings on the open bets after.';
comment on column rollup.open_bets.won_minor is 'Their sum in minor units.';
comment on column rollup.open_bets.measured_at is 'When it was measured last.';
comment on column rollup.open_bets.final is 'Whether the whole window was over then.';
comment on column rollup.open_bet_record.operator_id is 'Whose bets.';
comment on column rollup.open_bet_record.shard is 'Number of the node that counted.';
comment on column rollup.open_bet_record.month is
  'First day of the month (Europe/Kyiv) as which began they were open.';
comment on column rollup.open_bet_record.gambling_type_id is 'Kind of gambling.';
comment on column rollup.open_bet_record.currency is 'ISO 4217 numeric code.';
comment on column rollup.open_bet_record.told is
  'proven: an open bet; voided: its refund, or the bet where it was taken back; won: its winnings.';
comment on column rollup.open_bet_record.id is 'The transaction.';
comment on column rollup.open_bet_record.occurred_at is 'When it happened, by which chunks are found.';

comment on column rollup.day.night_bet_count is
  'Records of type bet between 00:00 and 06:00 in Kyiv, less those that cancel one.';
comment on column rollup.day.night_bet_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.day.night_refund_minor is
  'Sum of refunds between 00:00 and 06:00 in Kyiv, cancelling ones subtracted.';

comment on column rollup.month.month is 'Of the event: first day of the month of Europe/Kyiv.';
comment on column rollup.month.currency is 'ISO 4217 numeric code.';
comment on column rollup.month.bet_count is 'Records of type bet, less those that cancel one.';
comment on column rollup.month.bet_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.month.win_count is 'Records of type win, less those that cancel one.';
comment on column rollup.month.win_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.month.refund_count is 'Records of type refund, less those that cancel one.';
comment on column rollup.month.refund_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.month.deposit_count is
  'Records of type deposit, less those that cancel one.';
comment on column rollup.month.deposit_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.month.withdrawal_count is
  'Records of type withdrawal, less those that cancel one.';
comment on column rollup.month.withdrawal_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.month.operator_id is 'Whose it is: registry.operator.';
comment on column rollup.month.licence_id is 'registry.licence.';
comment on column rollup.month.gambling_type_id is 'That of the licence.';
comment on column rollup.month.night_bet_count is
  'Records of type bet between 00:00 and 06:00 in Kyiv, less those that cancel one.';
comment on column rollup.month.night_bet_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.month.night_refund_minor is
  'Sum of refunds between 00:00 and 06:00 in Kyiv, cancelling ones subtracted.';

comment on column rollup.game_day.game_id is '0 where the transactions named no game.';
comment on column rollup.game_day.equipment_id is '0 where the transactions named no equipment.';
comment on column rollup.game_day.day is 'Of the event: day of Europe/Kyiv.';
comment on column rollup.game_day.currency is 'ISO 4217 numeric code.';
comment on column rollup.game_day.bet_count is 'Records of type bet, less those that cancel one.';
comment on column rollup.game_day.bet_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.game_day.win_count is 'Records of type win, less those that cancel one.';
comment on column rollup.game_day.win_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.game_day.refund_count is
  'Records of type refund, less those that cancel one.';
comment on column rollup.game_day.refund_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.game_day.deposit_count is
  'Records of type deposit, less those that cancel one.';
comment on column rollup.game_day.deposit_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.game_day.withdrawal_count is
  'Records of type withdrawal, less those that cancel one.';
comment on column rollup.game_day.withdrawal_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.game_day.operator_id is 'Whose it is: registry.operator.';
comment on column rollup.game_day.received_day is
  'Day (Europe/Kyiv) of arrival; figures as of a past moment leave out what came later.';
comment on column rollup.game_day.shard is
  'Number of the node that counted; nodes never share a row, a report adds them up.';
comment on column rollup.month.received_month is
  'First day of the month (Europe/Kyiv) of arrival; figures as of a past moment leave out what came later.';
comment on column rollup.month.shard is
  'Number of the node that counted; nodes never share a row, a report adds them up.';
comment on column rollup.arrival_day.operator_id is 'Whose; 0: of all together.';
comment on column rollup.arrival_day.shard is 'The node that counted.';
comment on column rollup.arrival_day.access_key_id is 'By which key; 0: of all keys of the operator.';
comment on column rollup.arrival_day.day is 'Day of arrival, Europe/Kyiv.';
comment on column rollup.arrival_day.batch_count is 'Accepted batches.';
comment on column rollup.arrival_day.row_count is 'Their records.';
comment on column rollup.arrival_day.refusal_count is 'Refused batches.';
comment on column rollup.arrival_day.late_count is 'Records that came more than 15 minutes after the event.';
comment on column rollup.arrival_day.on_time_count is 'Records that came within 2^16 ms.';
comment on column rollup.arrival_day.correction_count is 'Records that take another back.';
comment on column rollup.arrival_day.peak_row_count is 'Records of the busiest minute.';
comment on column rollup.arrival_day.lag_histogram is 'As in rollup.ingest_hour.';
comment on column rollup.arrival_day.last_at is 'The last batch or refusal.';
comment on column rollup.arrival_progress.counted_until is
  'Hours of arrival before this are in rollup.arrival_day.';

comment on column rollup.play_day.operator_id is 'Whose it is: registry.operator.';
comment on column rollup.play_day.shard is
  'Number of the node that counted; nodes never share a row, a report adds them up.';
comment on column rollup.play_day.day is 'Of the event: day of Europe/Kyiv.';
comment on column rollup.play_day.game_id is '0 where the transactions named no game.';
comment on column rollup.play_day.on_equipment is 'Whether the transactions named equipment.';
comment on column rollup.play_day.currency is 'ISO 4217 numeric code.';
comment on column rollup.play_day.received_day is
  'Day (Europe/Kyiv) of arrival; figures as of a past moment leave out what came later.';
comment on column rollup.play_day.bet_count is 'Records of type bet, less those that cancel one.';
comment on column rollup.play_day.bet_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.play_day.win_count is 'Records of type win, less those that cancel one.';
comment on column rollup.play_day.win_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.play_day.refund_count is
  'Records of type refund, less those that cancel one.';
comment on column rollup.play_day.refund_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.play_day.deposit_count is
  'Records of type deposit, less those that cancel one.';
comment on column rollup.play_day.deposit_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.play_day.withdrawal_count is
  'Records of type withdrawal, less those that cancel one.';
comment on column rollup.play_day.withdrawal_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.play_month.operator_id is 'Whose it is: registry.operator.';
comment on column rollup.play_month.shard is
  'Number of the node that counted; nodes never share a row, a report adds them up.';
comment on column rollup.play_month.month is 'First day of the month of the event (Europe/Kyiv).';
comment on column rollup.play_month.game_id is '0 where the transactions named no game.';
comment on column rollup.play_month.on_equipment is 'Whether the transactions named equipment.';
comment on column rollup.play_month.currency is 'ISO 4217 numeric code.';
comment on column rollup.play_month.received_month is
  'First day of the month (Europe/Kyiv) of arrival; figures as of a past moment leave out what came later.';
comment on column rollup.play_month.bet_count is 'Records of type bet, less those that cancel one.';
comment on column rollup.play_month.bet_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.play_month.win_count is 'Records of type win, less those that cancel one.';
comment on column rollup.play_month.win_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.play_month.refund_count is
  'Records of type refund, less those that cancel one.';
comment on column rollup.play_month.refund_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.play_month.deposit_count is
  'Records of type deposit, less those that cancel one.';
comment on column rollup.play_month.deposit_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.play_month.withdrawal_count is
  'Records of type withdrawal, less those that cancel one.';
comment on column rollup.play_month.withdrawal_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.equipment_month.operator_id is 'Whose it is: registry.operator.';
comment on column rollup.equipment_month.shard is
  'Number of the node that counted; nodes never share a row, a report adds them up.';
comment on column rollup.equipment_month.equipment_id is 'Which: registry.equipment.';
comment on column rollup.equipment_month.month is
  'First day of the month of the event (Europe/Kyiv).';
comment on column rollup.equipment_month.days is
  'A bit for each day with records of it, the first of the month lowest.';
comment on column rollup.mark_day.operator_id is 'Whose it is: registry.operator.';
comment on column rollup.mark_day.shard is
  'Number of the node that counted; nodes never share a row, a report adds them up.';
comment on column rollup.mark_day.day is 'Of the event: day of Europe/Kyiv.';
comment on column rollup.mark_day.licence_id is 'Under which licence.';
comment on column rollup.mark_day.channel_id is 'At which venue, website or application.';
comment on column rollup.mark_day.gambling_type_id is 'Kind of gambling of the licence.';
comment on column rollup.mark_day.currency is 'ISO 4217 numeric code.';
comment on column rollup.mark_day.breach is
  'The marks together, a bit for each: 1 licence not in force, 2 of another kind, 4 object inactive, 8 late.';
comment on column rollup.mark_day.received_day is
  'Day (Europe/Kyiv) of arrival; figures as of a past moment leave out what came later.';
comment on column rollup.mark_day.bet_count is 'Records of type bet, less those that cancel one.';
comment on column rollup.mark_day.bet_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.mark_day.win_count is 'Records of type win, less those that cancel one.';
comment on column rollup.mark_day.win_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.mark_day.refund_count is
  'Records of type refund, less those that cancel one.';
comment on column rollup.mark_day.refund_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.mark_day.deposit_count is
  'Records of type deposit, less those that cancel one.';
comment on column rollup.mark_day.deposit_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.mark_day.withdrawal_count is
  'Records of type withdrawal, less those that cancel one.';
comment on column rollup.mark_day.withdrawal_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.mark_month.operator_id is 'Whose it is: registry.operator.';
comment on column rollup.mark_month.shard is
  'Number of the node that counted; nodes never share a row, a report adds them up.';
comment on column rollup.mark_month.month is 'First day of the month of the event (Europe/Kyiv).';
comment on column rollup.mark_month.licence_id is 'Under which licence.';
comment on column rollup.mark_month.channel_id is 'At which venue, website or application.';
comment on column rollup.mark_month.gambling_type_id is 'Kind of gambling of the licence.';
comment on column rollup.mark_month.currency is 'ISO 4217 numeric code.';
comment on column rollup.mark_month.breach is
  'The marks together, a bit for each: 1 licence not in force, 2 of another kind, 4 object inactive, 8 late.';
comment on column rollup.mark_month.record_count is 'Records of any type, less those that cancel one.';
comment on column rollup.mark_month.bet_count is 'Records of type bet, less those that cancel one.';
comment on column rollup.mark_month.bet_minor is
  'Their sum in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.market_mark_day.day is 'Day of the event (Europe/Kyiv).';
comment on column rollup.market_mark_day.shard is
  'Number of the node that counted; nodes never share a row, a report adds them up.';
comment on column rollup.market_mark_day.currency is 'ISO 4217 numeric code.';
comment on column rollup.market_mark_day.breach is
  'The marks together, a bit for each: 1 licence not in force, 2 of another kind, 4 object inactive, 8 late.';
comment on column rollup.market_mark_day.block is 'Which 1,024 operators: api.operator_block.';
comment on column rollup.market_mark_day.record_count is 'Records of any type, less those that cancel one.';
comment on column rollup.market_mark_day.bet_minor is
  'Stakes in the smallest units of the currency, cancelling ones subtracted.';
comment on column rollup.market_mark_day.operators is
  'Who sent any, cancelled since or cancelling: a bit for each operator of the block, see api.operator_bit.';
comment on column rollup.request_hour.operator_id is 'Whose key it was; 0: no known key.';
comment on column rollup.request_hour.shard is 'The node that counted.';
comment on column rollup.request_hour.hour is 'Of the answer: start of the hour, UTC.';
comment on column rollup.request_hour.access_key_id is 'registry.access_key; 0: no known key.';
comment on column rollup.request_hour.endpoint is 'Operation of the API, as the specification names it.';
comment on column rollup.request_hour.outcome is
  'accepted, replayed (as an earlier one of the same key), ok, or the code of the error.';
comment on column rollup.request_hour.request_count is 'Requests answered.';
comment on column rollup.request_hour.fault_count is 'Of them for a fault of ours: status 500 and above.';
comment on column rollup.request_day.operator_id is 'Whose key it was; 0: no known key.';
comment on column rollup.request_day.shard is 'The node that counted.';
comment on column rollup.request_day.day is 'Of the answer, Europe/Kyiv.';
comment on column rollup.request_day.access_key_id is 'registry.access_key; 0: no known key.';
comment on column rollup.request_day.endpoint is 'As in rollup.request_hour.';
comment on column rollup.request_day.outcome is 'As in rollup.request_hour.';
comment on column rollup.request_day.request_count is 'Requests answered.';
comment on column rollup.request_day.fault_count is 'Of them for a fault of ours.';
comment on column rollup.cash_band_day.operator_id is 'Whose.';
comment on column rollup.cash_band_day.shard is 'The node that counted.';
comment on column rollup.cash_band_day.day is 'Day (Europe/Kyiv) of the events.';
comment on column rollup.cash_band_day.currency is 'ISO 4217 numeric code.';
comment on column rollup.cash_band_day.band is 'By amount: report.amount_band.';
comment on column rollup.cash_band_day.deposit_count is 'Deposits less those taken back.';
comment on column rollup.cash_band_day.deposit_minor is 'Their sum.';
comment on column rollup.cash_band_day.withdrawal_count is 'Withdrawals less those taken back.';
comment on column rollup.cash_band_day.withdrawal_minor is 'Their sum.';
comment on column rollup.cash_progress.day is 'Day of Europe/Kyiv.';
comment on column rollup.cash_progress.changes is
  'rollup.player_period.changes of the day when it was counted.';
comment on column rollup.cash_progress.rules is 'What held of the day then: rollup.cash_rules.';
comment on column rollup.cash_progress.made_at is 'When it was counted last.';
comment on column rollup.cohort_sum.operator_id is 'Whose accounts.';
comment on column rollup.cohort_sum.shard is 'Number of the node; its own accounts alone.';
comment on column rollup.cohort_sum.month is 'First day of the month in which they played.';
comment on column rollup.cohort_sum.gambling_type_id is 'Of the bets; 0: over all types.';
comment on column rollup.cohort_sum.cohort is 'First day of the month of their first bet.';
comment on column rollup.cohort_sum.currency is 'ISO 4217 numeric code.';
comment on column rollup.cohort_sum.net_stake_minor is
  'Their stakes less refunds, up to the last closed day.';
comment on column rollup.cohort_sum.ggr_minor is 'That less their wins.';
comment on column rollup.cash_day.operator_id is 'Whose.';
comment on column rollup.cash_day.shard is 'The node that counted.';
comment on column rollup.cash_day.day is 'Day (Europe/Kyiv) of the events.';
comment on column rollup.cash_day.large_count is
  'Deposits of the limit or more less those taken back; null where no limit held.';
comment on column rollup.cash_day.large_minor is 'Their sum.';
comment on column rollup.cash_day.pass_through_count is
  'Accounts that paid in much, staked little of it and drew out most; null where no limits held.';
comment on column rollup.round_day.operator_id is 'Whose.';
comment on column rollup.round_day.shard is 'The node that counted.';
comment on column rollup.round_day.day is 'Day (Europe/Kyiv) of the event.';
comment on column rollup.round_day.game_id is 'Game; 0: none.';
comment on column rollup.round_day.channel_id is 'Venue, website or application.';
comment on column rollup.round_day.currency is 'ISO 4217 number.';
comment on column rollup.round_day.stake_band is
  'Band of what was bet on the round within a day, see rollup.stake_bounds; 0: its bet is not known.';
comment on column rollup.round_day.bet_count is 'Bets less bets taken back.';
comment on column rollup.round_day.bet_minor is 'Their sum, minor units.';
comment on column rollup.round_day.win_count is 'Wins less wins taken back.';
comment on column rollup.round_day.win_minor is 'Their sum, minor units.';
comment on column rollup.round_day.refund_count is 'Refunds less refunds taken back.';
comment on column rollup.round_day.refund_minor is 'Their sum, minor units.';
comment on column rollup.round_day.payout_count is
  'Wins and refunds as they were sent: those taken back are in it, what takes them back is not.';
comment on column rollup.round_day.round_count is
  'Paid rounds: of which something was bet and nothing refunded, less those that are no longer so.';
comment on column rollup.round_day.hit_count is 'Those of them that won anything.';
comment on column rollup.round_day.multiple_micro is
  'Sum of their winnings over their stakes, in millionths.';
comment on column rollup.round_day.square_micro is 'Sum of the squares of those millionths.';
comment on column rollup.return_day.operator_id is 'Whose.';
comment on column rollup.return_day.shard is 'The node that counted.';
comment on column rollup.return_day.day is 'Day (Europe/Kyiv), closed.';
comment on column rollup.return_day.game_id is 'Game; 0: none.';
comment on column rollup.return_day.currency is 'ISO 4217 number.';
comment on column rollup.return_day.round_count is 'Paid rounds, see rollup.round_day.';
comment on column rollup.return_day.hit_count is 'Those of them that won anything.';
comment on column rollup.return_day.multiple_micro is
  'Sum of their winnings over their stakes, in millionths.';
comment on column rollup.return_day.square_micro is 'Sum of the squares of those millionths.';
comment on column rollup.return_month.operator_id is 'Whose.';
comment on column rollup.return_month.shard is 'The node that counted.';
comment on column rollup.return_month.month is 'First day (Europe/Kyiv) of the month.';
comment on column rollup.return_month.game_id is 'Game; 0: none.';
comment on column rollup.return_month.currency is 'ISO 4217 number.';
comment on column rollup.return_month.round_count is 'Paid rounds, see rollup.round_day.';
comment on column rollup.return_month.hit_count is 'Those of them that won anything.';
comment on column rollup.return_month.multiple_micro is
  'Sum of their winnings over their stakes, in millionths.';
comment on column rollup.return_month.square_micro is 'Sum of the squares of those millionths.';
comment on column rollup.matched_day.operator_id is 'Whose.';
comment on column rollup.matched_day.shard is 'The node that counted.';
comment on column rollup.matched_day.day is 'Day (Europe/Kyiv) of the payouts.';
comment on column rollup.matched_day.known_count is
  'Wins and refunds of rounds of which a bet has come, those taken back later included.';
comment on column rollup.matched_day.unknown_count is 'Those of rounds without any bet.';
comment on column rollup.matched_day.counted_at is 'When the day was counted last.';
comment on column rollup.round_due.day is 'Day (Europe/Kyiv) to be counted once it is closed.';
comment on column rollup.round_due.operator_id is 'Of whom.';
comment on column rollup.round_progress.counted_until is
  'The days of batches that arrived before this moment are counted or due.';
