create or replace view api.declared_month with (security_invoker = true) as
select
  operator_id, month, currency, gambling_type_id, version, declared_at, declared_by, reason, basis,
  ggr_minor, entry_hash
from report.declared_month;
comment on view api.declared_month is 'The GGR of months that operators declared; every version.';
