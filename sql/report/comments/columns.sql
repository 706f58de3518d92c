-- What the columns hold.

comment on column report.declaration_deadline.period is 'day or month.';
comment on column report.declaration_deadline.valid_from is
  'For periods that begin on this day or later.';
comment on column report.declaration_deadline.days is
  'Days after the period by the end of which it is due.';
comment on column report.declaration_deadline.grounds is 'Who set it so.';
comment on column report.settlement_rule.gambling_type_id is 'Kind of gambling.';
comment on column report.settlement_rule.window_days is
  'Days before and after the beginning of a month in which bets and results are looked for.';
comment on column report.settlement_rule.unresolved_may_be_open is
  'Whether a bet without a result in that window may still be open.';
comment on column report.settlement_rule.grounds is 'Who set it so.';
comment on column report.declared_day.operator_id is 'Who declares.';
comment on column report.declared_day.day is 'Day of Europe/Kyiv.';
comment on column report.declared_day.currency is 'ISO 4217 numeric code.';
comment on column report.declared_day.version is '1, and one more with each correction.';
comment on column report.declared_day.declared_at is 'When it was declared.';
comment on column report.declared_day.declared_by is 'Person or access key.';
comment on column report.declared_day.reason is 'Why it is corrected.';
comment on column report.declared_day.bet_count is 'Number of bets, less those taken back.';
comment on column report.declared_day.bet_minor is
  'Sum of bets in minor units, less what was taken back.';
comment on column report.declared_day.win_count is 'Number of winnings, less those taken back.';
comment on column report.declared_day.win_minor is
  'Sum of winnings in minor units, less what was taken back.';
comment on column report.declared_day.refund_count is 'Number of refunds, less those taken back.';
comment on column report.declared_day.refund_minor is
  'Sum of refunds in minor units, less what was taken back.';
comment on column report.declared_day.deposit_count is 'Number of deposits, less those taken back.';
comment on column report.declared_day.deposit_minor is
  'Sum of deposits in minor units, less what was taken back.';
comment on column report.declared_day.withdrawal_count is
  'Number of withdrawals, less those taken back.';
comment on column report.declared_day.withdrawal_minor is
  'Sum of withdrawals in minor units, less what was taken back.';
comment on column report.declared_day.opening_balance_minor is
  'What players had on their accounts as the day began, minor units.';
comment on column report.declared_day.closing_balance_minor is 'The same as it ended.';
comment on column report.declared_day.open_bets_minor is
  'Stakes of bets without a result as it ended, minor units.';
comment on column report.declared_day.entry_hash is 'Hash of its entry in the log.';
comment on column report.declared_days.operator_id is 'Who declares.';
comment on column report.declared_days.month is 'First day of the month (Europe/Kyiv).';
comment on column report.declared_days.currency is 'ISO 4217 numeric code.';
comment on column report.declared_days.days is
  'Which days are declared: the lowest bit is the first of the month.';
comment on column report.declared_days.ggr_minor is
  'Declared stakes less refunds and winnings, in minor units.';
comment on column report.declared_days.balance_change_minor is
  'Closing less opening balances of the declared days, in minor units.';
comment on column report.declared_days.last_day is 'The last of the declared days.';
comment on column report.declared_days.closing_balance_minor is
  'Players'' balances as it ended, in minor units.';
comment on column report.declared_days.open_bets_minor is
  'Stakes without a result as it ended, in minor units.';
comment on column report.declared_month.operator_id is 'Who declares.';
comment on column report.declared_month.month is 'First day of the month (Europe/Kyiv).';
comment on column report.declared_month.currency is 'ISO 4217 numeric code.';
comment on column report.declared_month.version is '1, and one more with each correction.';
comment on column report.declared_month.declared_at is 'When it was declared.';
comment on column report.declared_month.declared_by is 'Person or access key.';
comment on column report.declared_month.reason is 'Why it is corrected.';
comment on column report.declared_month.gambling_type_id is 'Kind of gambling.';
comment on column report.declared_month.basis is
  'cash: by the day of each record; settlement: stakes by the day of their result.';
comment on column report.declared_month.ggr_minor is 'Declared GGR in minor units.';
comment on column report.declared_month.entry_hash is 'Hash of its entry in the log.';
-- What the columns of the catalogue of reports hold.

comment on column report.report.code is 'R01 to R11, as in addresses and commands.';
comment on column report.report.position is 'Place in lists, from 1.';
comment on column report.report.category is 'Operational, regulatory, analytical or financial.';
comment on column report.report.function_name is 'The function that computes it.';
comment on column report.report.name_uk is 'Its name in Ukrainian.';
comment on column report.report.name_en is 'Its name in English.';
comment on column report.report.question_uk is 'The question that it answers, in Ukrainian.';
comment on column report.report.question_en is 'The question that it answers, in English.';
comment on column report.report.reader_uk is 'Who decides what by it, in Ukrainian.';
comment on column report.report.reader_en is 'Who decides what by it, in English.';
comment on column report.report.chart is
  'The chart of its own, as portal/reports/charts has it.';
comment on column report.report.leading_measure is
  'The figure that bars compare and that rows are sorted by.';
comment on column report.report.default_by is 'The grouping of its page when none is asked for.';
comment on column report.report.default_period is 'The named period of its page when none is asked for.';
comment on column report.report.readers is 'Roles that may read it.';
comment on column report.report.filters is 'By what it can be narrowed.';
comment on column report.report.longest_days is 'The longest period that it is computed for, days.';
comment on column report.report.source_table is 'Where its figures are counted.';
comment on column report.report.yet_to_come_uk is 'What it does not tell yet, in Ukrainian.';
comment on column report.report.yet_to_come_en is 'What it does not tell yet, in English.';
comment on column report.report.purpose_uk is 'What it is for, in one sentence, in Ukrainian.';
comment on column report.report.purpose_en is 'What it is for, in one sentence, in English.';
comment on column report.report.reading_uk is 'How its figures are read, in Ukrainian.';
comment on column report.report.reading_en is 'How its figures are read, in English.';
comment on column report.report.example_uk is 'A question that it answers, as an example, in Ukrainian.';
comment on column report.report.example_en is 'A question that it answers, as an example, in English.';
comment on column report.report.example_query is 'How its address asks that question.';
comment on column report.measure.code is
  'Its name on the wire; the column of a report''s function has it too, with _minor for money.';
comment on column report.measure.kind is 'What its values are, and so how they are written.';
comment on column report.measure.name_uk is 'Heading in Ukrainian.';
comment on column report.measure.name_en is 'Heading in English.';
comment on column report.measure.formula_uk is 'How it is computed, in Ukrainian.';
comment on column report.measure.formula_en is 'How it is computed, in English.';
comment on column report.measure.source is 'Tables and columns that it is computed from.';
comment on column report.measure.additive is 'Whether a total is the sum of its rows.';
comment on column report.measure.records is 'Types of transactions behind it; none for ratios.';
comment on column report.measure.term is 'Its entry in the glossary, or nothing.';
comment on column report.measure.past is
  'What it is as of a past moment: made of what had arrived by then (arrived); of days that had closed by '
  'then and were not counted again since (closed); of a period that had ended by then (ended); as it is '
  'registered now (now).';
comment on column report.dimension.code is 'Its name in addresses.';
comment on column report.dimension.position is 'Place in lists, from 1.';
comment on column report.dimension.name_uk is 'The choice, in Ukrainian.';
comment on column report.dimension.name_en is 'The choice, in English.';
comment on column report.dimension.one_uk is 'What one row is, in Ukrainian.';
comment on column report.dimension.one_en is 'What one row is, in English.';
comment on column report.dimension.in_time is 'Whether rows follow one another in time.';
comment on column report.dimension.longest_days is 'The longest period that can be grouped so, days.';
comment on column report.dimension.term is 'Its entry in the glossary.';
comment on column report.report_measure.report is 'The report.';
comment on column report.report_measure.measure is 'The figure.';
comment on column report.report_measure.position is 'Place among the columns, from 1.';
comment on column report.report_measure.shown is 'Whether the page shows it unasked.';
comment on column report.report_measure.series is
  'How it is drawn over time: as columns up or down, a curve or an area beside them, a line below; or not.';
comment on column report.report_dimension.report is 'The report.';
comment on column report.report_dimension.dimension is 'By what it can be grouped.';
comment on column report.report_dimension.position is 'Place in lists, from 1.';
comment on column report.report_dimension.leads_to is
  'By what the same report is grouped one step closer; none where transactions come next.';

comment on column report.amount_band.id is 'Its key in rows of reports; never given anew.';
comment on column report.amount_band.valid_from is 'First day on which the set of bands that it is of holds.';
comment on column report.amount_band.from_minor is 'The smallest amount in it, minor units of the currency.';
comment on column report.amount_band.until_minor is 'The smallest amount above it; null: none.';
