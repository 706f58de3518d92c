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
