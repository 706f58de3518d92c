-- depends: 0002_ledger
-- Continuously maintained aggregates: plain tables under row-level security, exact at commit.
-- One wide row per key, a count and a sum per type; a cancelling record counts -1 and -amount.
-- received_hour makes "as of" a past moment possible.

create table rollup.hour (
  operator_id integer not null,
  shard smallint not null,
  hour timestamptz not null,
  licence_id integer not null,
  channel_id integer not null,
  gambling_type_id smallint not null,
  currency smallint not null,
  payment smallint not null,
  flags smallint not null,
  breach smallint not null,
  received_hour timestamptz not null,
  bet_count bigint not null,
  bet_minor bigint not null,
  win_count bigint not null,
  win_minor bigint not null,
  refund_count bigint not null,
  refund_minor bigint not null,
  deposit_count bigint not null,
  deposit_minor bigint not null,
  withdrawal_count bigint not null,
  withdrawal_minor bigint not null,
  primary key (
    operator_id, shard, hour, licence_id, channel_id, gambling_type_id, currency, payment, flags,
    breach, received_hour
  )
) with (fillfactor = 60);
create index hour_hour on rollup.hour using brin (hour) with (autosummarize = on, pages_per_range = 16);
comment on table rollup.hour is 'Transactions by hour (UTC), licence, channel, currency and payment.';

create table rollup.game_hour (
  operator_id integer not null,
  shard smallint not null,
  hour timestamptz not null,
  game_id integer not null,
  equipment_id integer not null,
  currency smallint not null,
  received_hour timestamptz not null,
  bet_count bigint not null,
  bet_minor bigint not null,
  win_count bigint not null,
  win_minor bigint not null,
  refund_count bigint not null,
  refund_minor bigint not null,
  deposit_count bigint not null,
  deposit_minor bigint not null,
  withdrawal_count bigint not null,
  withdrawal_minor bigint not null,
  primary key (operator_id, shard, hour, game_id, equipment_id, currency, received_hour)
) with (fillfactor = 60);
create index game_hour_hour on rollup.game_hour
  using brin (hour) with (autosummarize = on, pages_per_range = 16);
comment on table rollup.game_hour is 'Transactions by hour (UTC), game and equipment.';

create table rollup.day (
  operator_id integer not null,
  shard smallint not null,
  day date not null,
  gambling_type_id smallint not null,
  licence_id integer not null,
  currency smallint not null,
  received_day date not null,
  bet_count bigint not null,
  bet_minor bigint not null,
  win_count bigint not null,
  win_minor bigint not null,
  refund_count bigint not null,
  refund_minor bigint not null,
  deposit_count bigint not null,
  deposit_minor bigint not null,
  withdrawal_count bigint not null,
  withdrawal_minor bigint not null,
  primary key (operator_id, shard, day, gambling_type_id, licence_id, currency, received_day)
) with (fillfactor = 60);
create index day_day on rollup.day (day);
comment on table rollup.day is 'Transactions by day of Europe/Kyiv, gambling type and licence.';

create table rollup.ingest_hour (
  operator_id integer not null,
  shard smallint not null,
  access_key_id integer not null,
  hour timestamptz not null,
  batch_count bigint not null,
  row_count bigint not null,
  refusal_count bigint not null,
  late_count bigint not null,
  lag_histogram bigint[] not null,
  last_at timestamptz not null,
  primary key (operator_id, shard, access_key_id, hour)
) with (fillfactor = 50);
comment on table rollup.ingest_hour is
  'Batches and refusals by hour of arrival (UTC) and access key; last_at is the last of them.';
