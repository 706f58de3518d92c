-- depends: 0042_steps
-- What an operator's declared days of a month come to, so that a report over months does not read each day.
-- squawk-ignore-file require-timeout-settings, prefer-robust-stmts
set local lock_timeout = '10s';

create table report.declared_days (
  operator_id integer not null,
  month date not null,
  currency smallint not null,
  days integer not null,
  ggr_minor bigint not null,
  balance_change_minor bigint not null,
  last_day date not null,
  closing_balance_minor bigint not null,
  open_bets_minor bigint not null,
  primary key (month, operator_id, currency)
) with (fillfactor = 80);
comment on table report.declared_days is
  'What the days of a month come to that an operator has declared, each by its newest version.';

insert into report.declared_days
select
  d.operator_id, date_trunc('month', d.day::timestamp)::date as month, d.currency,
  bit_or(1 << extract(day from d.day)::integer - 1) as days,
  sum(d.bet_minor - d.refund_minor - d.win_minor)::bigint as ggr_minor,
  sum(d.closing_balance_minor - d.opening_balance_minor)::bigint as balance_change_minor,
  max(d.day) as last_day,
  (array_agg(d.closing_balance_minor order by d.day desc))[1] as closing_balance_minor,
  (array_agg(d.open_bets_minor order by d.day desc))[1] as open_bets_minor
from (
  select distinct on (n.operator_id, n.day, n.currency) n.*
  from report.declared_day as n
  order by n.operator_id asc, n.day asc, n.currency asc, n.version desc
) as d
group by d.operator_id, date_trunc('month', d.day::timestamp)::date, d.currency;
