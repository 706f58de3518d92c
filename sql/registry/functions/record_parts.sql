create or replace function registry.record_parts(p_kind text, p_attribute text, p_id integer) returns jsonb
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $body$
-- What a record has several of: rows of a table of its own, oldest first; null for none.
begin
  case p_kind || '.' || p_attribute
    when 'licence.suspensions' then return (
      select jsonb_agg(jsonb_build_object(
        'from', s.suspended_from, 'until', s.suspended_until, 'grounds', s.grounds,
        'withdrawn_at', s.withdrawn_at, 'withdrawal_grounds', s.withdrawal_grounds
      ) order by s.suspended_from)
      from registry.licence_suspension as s where s.licence_id = p_id);
    when 'equipment.places' then return (
      select jsonb_agg(jsonb_build_object(
        'channel_id', p.channel_id, 'from', p.placed_from, 'until', p.placed_until
      ) order by p.placed_from)
      from registry.equipment_place as p where p.equipment_id = p_id);
    when 'equipment.blocks' then return (
      select jsonb_agg(jsonb_build_object(
        'from', b.blocked_from, 'until', b.blocked_until, 'order', b.order_number, 'grounds', b.grounds,
        'lifting_order', b.lifting_order, 'lifting_grounds', b.lifting_grounds
      ) order by b.blocked_from)
      from registry.equipment_block as b where b.equipment_id = p_id);
    else return null;
  end case;
end
$body$;
alter function registry.record_parts(text, text, integer) owner to dozir_writer;
comment on function registry.record_parts(text, text, integer) is
  'Suspensions of a licence; places and blocking orders of equipment.';
