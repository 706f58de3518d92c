create or replace view api.equipment_block with (security_invoker = true) as
select
  id, operator_id, equipment_id, order_number, grounds, blocked_from, blocked_until, lifting_order,
  lifting_grounds
from registry.equipment_block;
comment on view api.equipment_block is 'Orders that block equipment.';
