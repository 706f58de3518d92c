-- depends: 0036_rounds
-- Taxes that organisers paid, as the tax service records them, beside the estimates of R11.
-- squawk-ignore-file require-timeout-settings, prefer-robust-stmts, require-concurrent-index-creation
-- squawk-ignore-file adding-foreign-key-constraint, constraint-missing-not-valid
set local lock_timeout = '10s';

create table registry.tax_payment (
  id bigint generated always as identity primary key,
  operator_id integer not null references registry.operator (id),
  kind text not null,
  month date not null,
  paid_on date not null,
  amount_minor bigint not null,
  document text not null,
  recorded_at timestamptz not null default transaction_timestamp(),
  recorded_by text not null,
  recorded_until timestamptz not null default 'infinity',
  taken_back_by text,
  taken_back_reason text,
  constraint ck_tax_payment_kind check (kind in ('ggr_tax', 'pit', 'military_levy')),
  constraint ck_tax_payment_month check (month = date_trunc('month', month::timestamp)::date),
  constraint ck_tax_payment_days check (
    month between '2020-01-01' and '2199-12-01' and paid_on between '2020-01-01' and '2199-12-31'
  ),
  constraint ck_tax_payment_amount check (amount_minor between 1 and 100000000000000000),
  constraint ck_tax_payment_document check (document ~ '^\S(.{0,58}\S)?$'),
  constraint ck_tax_payment_recorded check (recorded_at <= recorded_until),
  constraint ck_tax_payment_taken_back check (
    (recorded_until = 'infinity') = (taken_back_by is null)
    and (taken_back_by is null) = (taken_back_reason is null)
  )
);
-- A payment order of a payer is entered once; one that was taken back can be entered anew.
create unique index tax_payment_document on registry.tax_payment (operator_id, document, paid_on)
  where recorded_until = 'infinity';
create index tax_payment_month on registry.tax_payment (month, operator_id);
comment on table registry.tax_payment is
  'Taxes that organisers paid, by the month they are for, as the tax service recorded them. What is taken '
  'back stays, with recorded_until, by whom and why.';

-- Their columns change; what is in sql/ makes them anew.
do $drop$
declare
  one text;
begin
  foreach one in array array['08', '11'] loop
    execute format(
      'drop function if exists api.report_r%s(date, date, text[], integer[], smallint[], integer[], '
      'integer[], integer[], smallint, timestamptz)', one);
  end loop;
end
$drop$;
