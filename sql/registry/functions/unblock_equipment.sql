create or replace function registry.unblock_equipment(
  p_equipment_id integer, p_order_number text, p_grounds text
) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Lifts the order that blocks a piece of equipment. Raises DZR01, DZW01, DZW04.
declare
  machine registry.equipment;
begin
  perform identity.check_permission('equipment.block');
  if coalesce(btrim(p_order_number), '') = '' or coalesce(btrim(p_grounds), '') = '' then
    raise exception using errcode = 'DZW04', message = 'number and grounds of the order are needed';
  end if;
  select * into machine from registry.equipment as e where e.id = p_equipment_id for update;
  if not found then
    raise exception using errcode = 'DZR01', message = 'no such equipment';
  end if;
  if machine.state <> 'blocked' then
    raise exception using errcode = 'DZW01', message = 'it is not blocked',
      detail = jsonb_build_object('state', machine.state)::text;
  end if;
  perform set_config('dozir.reason', p_grounds, true);
  update registry.equipment_block as b
  set blocked_until = greatest(transaction_timestamp(), b.blocked_from + interval '1 microsecond'),
    lifting_order = btrim(p_order_number), lifting_grounds = btrim(p_grounds)
  where b.equipment_id = machine.id and b.blocked_until = 'infinity';
  update registry.equipment as e set state = 'installed' where e.id = machine.id;
  perform set_config('dozir.reason', '', true);
  perform registry.enter_decision(machine.operator_id, 'equipment_unblocked', jsonb_build_object(
    'equipment', machine.id, 'order', btrim(p_order_number),
    'grounds_sha256', registry.text_hash(btrim(p_grounds))));
end
$body$;
alter function registry.unblock_equipment(integer, text, text) owner to dozir_writer;
comment on function registry.unblock_equipment(integer, text, text) is
  'Lifts the blocking of a piece of equipment by order.';
