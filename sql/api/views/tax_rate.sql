create or replace view api.tax_rate with (security_invoker = true) as
select
  id, kind, tax_class, rate_ppm, base, loss_rule, valid_from, valid_until, act, source, verified_by,
  verified_at, change_id, recorded_from, recorded_until
from registry.tax_rate;
comment on view api.tax_rate is
  'Rates of tax by day, with what was replaced; recorded_until is infinity in those that hold.';
