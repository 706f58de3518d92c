create or replace function api.unblock_equipment(
  p_equipment_id integer, p_order_number text, p_grounds text
) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select registry.unblock_equipment(p_equipment_id, p_order_number, p_grounds);
end;
alter function api.unblock_equipment(
  integer, text, text
) owner to dozir_writer;
comment on function api.unblock_equipment(
  integer, text, text
) is 'Lifts the blocking of a piece of equipment by order.';
