create or replace view api.entry with (security_invoker = true) as
select
  kind, record_id, version, operator_id, code, title_uk, title_en, state, state_until, facet_a, facet_b,
  since, until, search_text, document, recorded_from, recorded_until, actor, change_id, reason
from registry.entry;
comment on view api.entry is 'Every version of every registered record.';
