-- Why the rules are there.

comment on constraint ck_declaration_deadline_period on report.declaration_deadline is
  'Periods that are declared.';
comment on constraint ck_declaration_deadline_days on report.declaration_deadline is 'A year at most.';
comment on constraint ck_settlement_rule_window on report.settlement_rule is
  'A year at most, so that what is read stays bounded.';
comment on constraint ck_declared_day_version on report.declared_day is '99 corrections would be a flood.';
comment on constraint ck_declared_day_reason on report.declared_day is 'A correction says why.';
comment on constraint ck_declared_month_month on report.declared_month is 'Named by its first day.';
comment on constraint ck_declared_month_version on report.declared_month is
  '99 corrections would be a flood.';
comment on constraint ck_declared_month_basis on report.declared_month is 'Bases that there are.';
comment on constraint ck_declared_month_reason on report.declared_month is 'A correction says why.';
-- What the constraints of the catalogue of reports are for.

comment on constraint ck_report_code on report.report is 'R and two digits.';
comment on constraint ck_report_category on report.report is 'One of the four categories.';
comment on constraint ck_report_chart on report.report is 'A way of drawing that pages know.';
comment on constraint ck_measure_code on report.measure is 'A name as columns have it.';
comment on constraint ck_measure_kind on report.measure is 'A kind that every form of a report can write.';
comment on constraint ck_measure_past on report.measure is 'What can be told of a past moment.';
comment on constraint ck_dimension_code on report.dimension is 'A name as addresses have it.';
comment on constraint ck_dimension_longest_days on report.dimension is 'At least a day, at most ten years.';
comment on constraint ck_report_measure_series on report.report_measure is
  'A way of drawing that pages know.';
comment on constraint uq_amount_band_from on report.amount_band is 'Bands of a set do not overlap.';
comment on constraint ck_amount_band_id on report.amount_band is 'Of three digits, so that texts of it sort.';
comment on constraint ck_amount_band_bounds on report.amount_band is 'No band is empty.';
