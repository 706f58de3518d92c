create or replace view api.rollup_equipment_month with (security_invoker = true) as
select
  operator_id, shard, equipment_id, month, days
from rollup.equipment_month;
comment on view api.rollup_equipment_month is
  'Days of a month on which equipment was played on, of hours of arrival that are over.';
