create or replace function registry.block_equipment(
  p_equipment_id integer, p_order_number text, p_grounds text
) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Orders that nobody plays on a piece of equipment, from now on: id of the order. Raises DZR01, DZW01
-- (its state does not allow it), DZW04.
declare
  machine registry.equipment;
  made integer;
begin
  perform identity.check_permission('equipment.block');
  if coalesce(btrim(p_order_number), '') = '' or coalesce(btrim(p_grounds), '') = '' then
    raise exception using errcode = 'DZW04', message = 'number and grounds of the order are needed';
  end if;
  select * into machine from registry.equipment as e where e.id = p_equipment_id for update;
  if not found then
    raise exception using errcode = 'DZR01', message = 'no such equipment';
  end if;
  perform set_config('dozir.reason', p_grounds, true);
  insert into registry.equipment_block (
    operator_id, equipment_id, order_number, grounds, blocked_from
  )
  select machine.operator_id, machine.id, btrim(p_order_number), btrim(p_grounds), transaction_timestamp()
  where machine.state <> 'blocked'
  returning id into made;
  if made is null then
    raise exception using errcode = 'DZW01', message = 'it is blocked already',
      detail = jsonb_build_object('state', machine.state)::text;
  end if;
  update registry.equipment as e set state = 'blocked' where e.id = machine.id;
  perform set_config('dozir.reason', '', true);
  perform registry.enter_decision(machine.operator_id, 'equipment_blocked', jsonb_build_object(
    'equipment', machine.id, 'block', made, 'order', btrim(p_order_number),
    'grounds_sha256', registry.text_hash(btrim(p_grounds))));
  return made;
end
$body$;
alter function registry.block_equipment(integer, text, text) owner to dozir_writer;
comment on function registry.block_equipment(integer, text, text) is
  'Blocks a piece of equipment by order; its transactions are breaches from now on.';
