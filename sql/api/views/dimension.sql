create or replace view api.dimension with (security_invoker = true) as
select
  code, position, name_uk, name_en, one_uk, one_en, in_time, longest_days, term
from report.dimension;
comment on view api.dimension is 'What reports may be grouped by.';
