create or replace view api.amount_band with (security_invoker = true) as
select
  id, valid_from, from_minor, until_minor
from report.amount_band;
comment on view api.amount_band is 'Bands of amounts by which deposits and withdrawals are counted.';
