create or replace view api.tax_payment with (security_invoker = true) as
select
  id, operator_id, kind, month, paid_on, amount_minor, document, recorded_at, recorded_by, recorded_until,
  taken_back_by, taken_back_reason
from registry.tax_payment;
comment on view api.tax_payment is 'Taxes that organisers paid, as the tax service recorded them.';
