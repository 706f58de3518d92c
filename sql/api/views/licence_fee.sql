create or replace view api.licence_fee with (security_invoker = true) as
select
  id, licence_kind_id, amount_minor, currency, valid_from, valid_until, grounds, source, set_by,
  verified_at, verified_by
from registry.licence_fee;
comment on view api.licence_fee is 'Fees for a year of a licence, by day.';
