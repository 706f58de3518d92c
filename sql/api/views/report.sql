create or replace view api.report with (security_invoker = true) as
select
  code, position, category, function_name, name_uk, name_en, question_uk, question_en, reader_uk,
  reader_en, chart, leading_measure, default_by, default_period, readers, filters, longest_days,
  source_table, yet_to_come_uk,
  yet_to_come_en, purpose_uk, purpose_en, reading_uk, reading_en, example_uk, example_en, example_query
from report.report;
comment on view api.report is 'Reports that the caller may read.';
