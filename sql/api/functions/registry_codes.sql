create or replace function api.registry_codes() returns jsonb
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
as $body$
-- The calling operator's own codes, as its engineers need them to fill in transactions.
declare
  own constant integer := nullif(current_setting('dozir.operator_id', true), '')::integer;
begin
  return jsonb_build_object(
    'operator', (select o.code from api.operator as o where o.id = own),
    'licences', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'number', l.number, 'type', t.code, 'equipment_required', t.equipment_required,
        'channel_kinds', t.channel_kinds,
        'valid_from', l.valid_from, 'valid_until', l.valid_until,
        'suspensions', (
          select coalesce(jsonb_agg(jsonb_build_object(
            'from', s.suspended_from,
            'until', case when isfinite(s.suspended_until) then s.suspended_until end
          ) order by s.suspended_from), '[]'::jsonb)
          from api.licence_suspension as s where s.licence_id = l.id
        )
      ) order by l.number), '[]'::jsonb)
      from api.licence as l
      join api.gambling_type as t on t.id = l.gambling_type_id
      where l.operator_id = own
    ),
    'channels', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'code', c.code, 'kind', c.kind, 'name', c.name_uk, 'active_from', c.active_from,
        'active_until', case when isfinite(c.active_until) then c.active_until end
      ) order by c.code), '[]'::jsonb)
      from api.channel as c where c.operator_id = own
    ),
    'equipment', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'code', e.code, 'kind', e.kind, 'channel', c.code, 'active_from', e.active_from,
        'active_until', case when isfinite(e.active_until) then e.active_until end
      ) order by e.code), '[]'::jsonb)
      from api.equipment as e join api.channel as c on c.id = e.channel_id
      where e.operator_id = own
    ),
    'games', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'code', g.code, 'title', g.title, 'type', t.code, 'declared_rtp_ppm', g.declared_rtp_ppm,
        'declared_sigma_ppm', g.declared_sigma_ppm, 'active_from', g.active_from,
        'active_until', case when isfinite(g.active_until) then g.active_until end
      ) order by g.code), '[]'::jsonb)
      from api.game as g join api.gambling_type as t on t.id = g.gambling_type_id
      where g.operator_id = own
    )
  );
end
$body$;
comment on function api.registry_codes() is 'Everything registered of the calling operator, by code.';
