-- depends: 0019_players
-- Taxes as dated data, what operators declare, and what stood open when a month ended.
-- squawk-ignore-file require-concurrent-index-creation, prefer-robust-stmts
-- squawk-ignore-file require-concurrent-index-deletion
set local lock_timeout = '10s';

-- Tax classes: which kinds of gambling a rate is for.
create table registry.tax_class (
  code text primary key,
  position smallint not null,
  name_uk text not null,
  name_en text not null,
  constraint ck_tax_class_code check (code ~ '^[a-z_]{1,40}$')
);
comment on table registry.tax_class is 'What the tax acts set rates for.';
insert into registry.tax_class (code, position, name_uk, name_en) values
  ('slot_machines', 1, 'Азартні ігри на гральних автоматах', 'Slot-machine games'),
  ('casino_betting_poker', 2, 'Букмекерська діяльність, казино (зокрема онлайн), покер',
   'Betting, casino (including online), poker'),
  ('lotteries', 3, 'Лотереї', 'Lotteries'),
  ('winnings', 4, 'Виграші, крім лотерейних', 'Winnings but those of lotteries'),
  ('operator_profit', 5, 'Прибуток організатора', 'The operator''s profit');

create table registry.tax_class_type (
  tax_class text not null references registry.tax_class (code),
  gambling_type_id smallint not null references registry.gambling_type (id),
  primary key (tax_class, gambling_type_id)
);
comment on table registry.tax_class_type is
  'Which kinds of gambling a tax class takes in: a reading of the acts by kind of licence.';
insert into registry.tax_class_type (tax_class, gambling_type_id) values
  ('slot_machines', 4),
  ('casino_betting_poker', 1), ('casino_betting_poker', 2), ('casino_betting_poker', 3),
  ('casino_betting_poker', 5),
  ('lotteries', 6),
  ('winnings', 1), ('winnings', 2), ('winnings', 3), ('winnings', 4), ('winnings', 5);

-- A change of a rate: proposed by one official of the tax service and confirmed by another.
create table registry.tax_rate_change (
  id bigint generated always as identity primary key,
  action text not null,
  kind text not null,
  tax_class text not null references registry.tax_class (code),
  rate_ppm integer,
  base text,
  loss_rule text,
  valid_from date not null,
  valid_until date not null default 'infinity',
  act text not null,
  source text not null,
  reason text not null,
  state text not null default 'proposed',
  proposed_at timestamptz not null default transaction_timestamp(),
  proposed_by text not null,
  proposed_person integer not null references identity.person (id),
  decided_at timestamptz,
  decided_by text,
  decided_person integer references identity.person (id),
  decision_reason text,
  constraint ck_tax_rate_change_action check (action in ('set', 'end')),
  constraint ck_tax_rate_change_kind check (kind in ('ggr_tax', 'profit_tax', 'pit', 'military_levy')),
  constraint ck_tax_rate_change_rate check (rate_ppm between 0 and 1000000),
  constraint ck_tax_rate_change_base
    check (base in ('ggr', 'win', 'withdrawal', 'win_or_withdrawal', 'profit')),
  constraint ck_tax_rate_change_loss_rule check (loss_rule in ('floor', 'carry_year', 'none')),
  constraint ck_tax_rate_change_valid check (valid_from < valid_until),
  constraint ck_tax_rate_change_whole check (
    (action = 'set') = (rate_ppm is not null) and (action = 'set') = (base is not null)
    and (action = 'set') = (loss_rule is not null)
  ),
  constraint ck_tax_rate_change_state
    check (state in ('proposed', 'confirmed', 'refused', 'withdrawn')),
  constraint ck_tax_rate_change_decided check (
    (state = 'proposed') = (decided_at is null) and (state = 'proposed') = (decided_person is null)
  ),
  constraint ck_tax_rate_change_four_eyes check (
    case state
      when 'proposed' then true
      when 'withdrawn' then decided_person = proposed_person
      else decided_person <> proposed_person
    end
  )
);
create index tax_rate_change_state on registry.tax_rate_change (state, id);
comment on table registry.tax_rate_change is
  'What officials of the tax service propose to change of the rates, and who of the others decided it.';

create table registry.tax_rate (
  id bigint generated always as identity primary key,
  kind text not null,
  tax_class text not null references registry.tax_class (code),
  rate_ppm integer not null,
  base text not null,
  loss_rule text not null,
  valid_from date not null,
  valid_until date not null default 'infinity',
  act text not null,
  source text not null,
  verified_by text,
  verified_at timestamptz,
  change_id bigint references registry.tax_rate_change (id),
  recorded_from timestamptz not null default transaction_timestamp(),
  recorded_until timestamptz not null default 'infinity',
  constraint ck_tax_rate_kind check (kind in ('ggr_tax', 'profit_tax', 'pit', 'military_levy')),
  constraint ck_tax_rate_rate check (rate_ppm between 0 and 1000000),
  constraint ck_tax_rate_base
    check (base in ('ggr', 'win', 'withdrawal', 'win_or_withdrawal', 'profit')),
  constraint ck_tax_rate_loss_rule check (loss_rule in ('floor', 'carry_year', 'none')),
  constraint ck_tax_rate_valid check (valid_from < valid_until),
  constraint ck_tax_rate_recorded check (recorded_from <= recorded_until),
  constraint ck_tax_rate_verified check ((verified_by is null) = (verified_at is null)),
  constraint ex_tax_rate_period exclude using gist (
    kind with =, tax_class with =, daterange(valid_from, valid_until) with &&
  ) where (recorded_until = 'infinity')
);
create index tax_rate_change_id on registry.tax_rate (change_id);
comment on table registry.tax_rate is
  'Rates of tax by the days for which they hold. What is replaced stays, with recorded_until; what '
  'no two officials have confirmed has no verified_by and is marked wherever it is used.';
-- Nothing here is confirmed by the acts themselves yet. -infinity: since when is not established.
insert into registry.tax_rate
  (kind, tax_class, rate_ppm, base, loss_rule, valid_from, valid_until, act, source)
values
  ('ggr_tax', 'slot_machines', 100000, 'ggr', 'floor', '-infinity', 'infinity',
   'ПКУ, п. 136.4 (перевірити)',
   'до 2021 року; діапазон 10–30 % і невідрахування: '
   'eba.com.ua/en/opodatkuvannya-azartnyh-igor-v-ukrayini-zdijsnyuvatymetsya-za-novymy-pravylamy'),
  ('ggr_tax', 'casino_betting_poker', 180000, 'ggr', 'floor', '-infinity', 'infinity',
   'ПКУ, п. 136.4 (перевірити); Закон № 3325-IX, чинний із 03.09.2023',
   'до 2021 року; medoc.ua/blog/gralnij-biznes-shho-z-opodatkuvannjam-'),
  ('ggr_tax', 'lotteries', 300000, 'ggr', 'floor', '-infinity', 'infinity',
   'ПКУ, п. 136.6 (перевірити)', 'джерела, крім самого пункту, немає'),
  ('profit_tax', 'operator_profit', 180000, 'profit', 'none', '2014-01-01', 'infinity',
   'ПКУ, податок на прибуток підприємств (перевірити)',
   'cms-lawnow.com/ealerts/2021/08/regulation-of-gambling-taxation-is-underway-in-ukraine'),
  ('pit', 'winnings', 180000, 'win_or_withdrawal', 'none', '-infinity', 'infinity',
   'ПКУ, ПДФО з виграшів (перевірити); ІПК 4865 від 10.09.2025',
   'на всю виплачену суму, без зменшення на ставки; база — виграш чи виведення — спірна: '
   'news.dtkt.ua/taxation/common/103271-podatki-na-vigras-v-internet-kazino-'
   'iaki-stavki-koli-utrimuiutsia-ta-xto-yix-splacuje; '
   'gc.gov.ua/ua/Informatsiini-povidomlennia/35071.html'),
  ('military_levy', 'winnings', 15000, 'win_or_withdrawal', 'none', '-infinity', '2024-12-01',
   'ПКУ, військовий збір (перевірити)', 'до 30.11.2024; gc.gov.ua/ua/Informatsiini-povidomlennia/35071.html'),
  ('military_levy', 'winnings', 50000, 'win_or_withdrawal', 'none', '2024-12-01', 'infinity',
   'ПКУ, військовий збір на період воєнного стану (день перевірити)',
   'news.dtkt.ua/taxation/common/103271-podatki-na-vigras-v-internet-kazino-'
   'iaki-stavki-koli-utrimuiutsia-ta-xto-yix-splacuje');

-- What operators declare. A correction is a further version; nothing is ever changed.
create table report.declaration_deadline (
  period text not null,
  valid_from date not null,
  days smallint not null,
  grounds text not null,
  primary key (period, valid_from),
  constraint ck_declaration_deadline_period check (period in ('day', 'month')),
  constraint ck_declaration_deadline_days check (days between 0 and 366)
);
comment on table report.declaration_deadline is
  'How many days after a day or a month its declaration is due, for periods that begin on valid_from '
  'or later; before the first of them nothing is demanded.';
insert into report.declaration_deadline (period, valid_from, days, grounds) values
  ('day', '2026-01-01', 1, 'Припущення Дозору, не норма права'),
  ('month', '2026-01-01', 20, 'Припущення Дозору, не норма права');

create table report.declared_day (
  operator_id integer not null,
  day date not null,
  currency smallint not null,
  version smallint not null,
  declared_at timestamptz not null default transaction_timestamp(),
  declared_by text not null,
  reason text,
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
  opening_balance_minor bigint not null,
  closing_balance_minor bigint not null,
  open_bets_minor bigint not null,
  entry_hash bytea not null,
  primary key (operator_id, day, currency, version),
  constraint ck_declared_day_version check (version between 1 and 99),
  constraint ck_declared_day_reason check (version = 1 or reason is not null)
);
create index declared_day_day on report.declared_day (day);
comment on table report.declared_day is
  'What an operator declares of a day of Europe/Kyiv: count and sum of each type as receipts count '
  'them (what is taken back counts negative), players'' balances as the day began and ended, and the '
  'stakes of bets without a result at its end.';

create table report.declared_month (
  operator_id integer not null,
  month date not null,
  currency smallint not null,
  gambling_type_id smallint not null,
  version smallint not null,
  declared_at timestamptz not null default transaction_timestamp(),
  declared_by text not null,
  reason text,
  basis text not null,
  ggr_minor bigint not null,
  entry_hash bytea not null,
  primary key (operator_id, month, currency, gambling_type_id, version),
  constraint ck_declared_month_month check (extract(day from month) = 1),
  constraint ck_declared_month_version check (version between 1 and 99),
  constraint ck_declared_month_basis check (basis in ('cash', 'settlement')),
  constraint ck_declared_month_reason check (version = 1 or reason is not null)
);
create index declared_month_month on report.declared_month (month);
comment on table report.declared_month is
  'What an operator declares as its GGR of a month and a kind of gambling, and on which basis: cash '
  '(stakes and payouts by their own days) or settlement (stakes by the day of their result).';

-- What stood open when a month began.
create table report.settlement_rule (
  gambling_type_id smallint primary key references registry.gambling_type (id),
  window_days smallint not null,
  unresolved_may_be_open boolean not null,
  grounds text not null,
  constraint ck_settlement_rule_window check (window_days between 1 and 370)
);
comment on table report.settlement_rule is
  'How far round the end of a month bets and results of a kind of gambling are looked for, and whether '
  'a bet without any result within that may still be open (else it is taken as lost at once).';
insert into report.settlement_rule (gambling_type_id, window_days, unresolved_may_be_open, grounds)
select
  t.id as gambling_type_id, case when t.code in ('bookmaker', 'lottery') then 45 else 1 end as window_days,
  t.code in ('bookmaker', 'lottery') as unresolved_may_be_open,
  'Припущення Дозору, не норма права' as grounds
from registry.gambling_type as t;

create table rollup.open_bets (
  operator_id integer not null,
  shard smallint not null,
  month date not null,
  gambling_type_id smallint not null,
  currency smallint not null,
  proven_count bigint not null,
  proven_minor bigint not null,
  unresolved_count bigint not null,
  unresolved_minor bigint not null,
  voided_count bigint not null,
  voided_minor bigint not null,
  won_count bigint not null,
  won_minor bigint not null,
  measured_at timestamptz not null default transaction_timestamp(),
  final boolean not null,
  primary key (operator_id, shard, month, gambling_type_id, currency),
  constraint ck_open_bets_month check (extract(day from month) = 1)
);
create index open_bets_month on rollup.open_bets (month);
comment on table rollup.open_bets is
  'Stakes placed before a month of Europe/Kyiv that had no result when it began: proven, as a win or a '
  'refund came after, or unresolved, without any result so far; what was refunded and won on the proven '
  'ones. One row even where nothing was open: it was measured.';

-- At 05:20: after the nightly checks. Months before are measured by the first run.
insert into maintenance.job (name, every, at_time, next_run_at)
values ('measure_open_bets', '1 day', '05:20', transaction_timestamp() + interval '10 minutes');

-- A demonstration has two officials of the tax service, as one alone cannot change a rate.
drop index if exists identity.uq_person_demo;
create unique index uq_person_demo on identity.person (role, coalesce(operator_id, 0), name_uk) where demo;
