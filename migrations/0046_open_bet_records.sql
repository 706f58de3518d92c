-- depends: 0045_stream_ends
-- Which records the sums of rollup.open_bets are made of: looking for them anew reads an operator's raw rows
-- of up to ninety days. What was measured before has none until it is measured again.
-- squawk-ignore-file require-timeout-settings, prefer-robust-stmts
set local lock_timeout = '10s';

create table rollup.open_bet_record (
  operator_id integer not null,
  shard smallint not null,
  month date not null,
  gambling_type_id smallint not null,
  currency smallint not null,
  told text not null,
  id uuid not null,
  occurred_at timestamptz not null,
  constraint open_bet_record_pkey primary key (
    operator_id, shard, month, gambling_type_id, currency, told, id
  ),
  constraint ck_open_bet_record_told check (told in ('proven', 'voided', 'won'))
);
comment on table rollup.open_bet_record is
  'Bets that are proven to have been open as a month of Europe/Kyiv began, and the refunds, cancellations '
  'and winnings that came of them: what sums of rollup.open_bets are made of.';
