create or replace function api.registry_codes() returns jsonb
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
as $body$
-- The calling operator's own codes, as its engineers need them to fill in transactions.
declare
  -- As receipts write times. Of infinity to_char makes null, which says that no end is set.
  form constant text := 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"';
  own constant integer := nullif(current_setting('dozir.operator_id', true), '')::integer;
begin
  return jsonb_build_object(
    'operator', (select o.code from api.operator as o where o.id = own),
    'currencies', (
      select jsonb_agg(
        jsonb_build_object('code', m.code, 'minor_digits', m.minor_digits) order by m.code
      )
      from api.currency as m
    ),
    'licences', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'number', l.number, 'type', t.code, 'equipment_required', t.equipment_required,
        'channel_kinds', t.channel_kinds,
        'valid_from', to_char(l.valid_from at time zone 'UTC', form),
        'valid_until', to_char(l.valid_until at time zone 'UTC', form),
        'suspensions', (
          select coalesce(jsonb_agg(jsonb_build_object(
            'from', to_char(s.suspended_from at time zone 'UTC', form),
            'until', to_char(s.suspended_until at time zone 'UTC', form)
          ) order by s.suspended_from), '[]'::jsonb)
          from api.licence_suspension as s where s.licence_id = l.id and s.withdrawn_at is null
        )
      ) order by l.number), '[]'::jsonb)
      from api.licence as l
      join api.gambling_type as t on t.id = l.gambling_type_id
      where l.operator_id = own
    ),
    'channels', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'code', c.code, 'kind', c.kind, 'name', c.name_uk,
        'active_from', to_char(c.active_from at time zone 'UTC', form),
        'active_until', to_char(c.active_until at time zone 'UTC', form)
      ) order by c.code), '[]'::jsonb)
      from api.channel as c where c.operator_id = own
    ),
    'equipment', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'code', e.code, 'kind', e.kind, 'channel', c.code,
        'active_from', to_char(e.active_from at time zone 'UTC', form),
        'active_until', to_char(e.active_until at time zone 'UTC', form)
      ) order by e.code), '[]'::jsonb)
      from api.equipment as e left join api.channel as c on c.id = e.channel_id
      where e.operator_id = own
    ),
    'games', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'code', g.code, 'title', g.title, 'type', t.code, 'declared_rtp_ppm', g.declared_rtp_ppm,
        'declared_sigma_ppm', g.declared_sigma_ppm,
        'active_from', to_char(g.active_from at time zone 'UTC', form),
        'active_until', to_char(g.active_until at time zone 'UTC', form)
      ) order by g.code), '[]'::jsonb)
      from api.game as g join api.gambling_type as t on t.id = g.gambling_type_id
      where g.operator_id = own
    )
  );
end
$body$;
comment on function api.registry_codes() is
  'Everything registered of the calling operator, and the currencies, by code.';
