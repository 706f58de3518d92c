create or replace view api.measure with (security_invoker = true) as
select
  code, kind, name_uk, name_en, formula_uk, formula_en, source, additive, records, term, past
from report.measure;
comment on view api.measure is 'Figures of reports, each defined once.';
