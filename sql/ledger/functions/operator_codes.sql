create or replace function ledger.operator_codes(p_operator_id integer) returns jsonb
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Everything registered of one operator, as ingest needs it. Moments are microseconds since 2000
-- (see ledger.microseconds). Shape:
--   version                              moves with every change
--   licences  {number: [id, type, equipment required, [channel kinds], [[from, until], …]]}
--   channels  {code: [id, kind, from, until]}
--   equipment {code: [id, [[from, until], …]]}
--   places    {code of equipment: [[channel, from, until], …]}: in which venue it stood
--   games     {code: [id, type, from, until]}
-- A licence's periods are its term, up to its revocation, less its suspensions; those of equipment,
-- while it is registered, less its blocks.
begin
  return jsonb_build_object(
    'version', (
      select v.version from registry.operator_version as v where v.operator_id = p_operator_id
    ),
    'licences', (
      select coalesce(jsonb_object_agg(l.number, jsonb_build_array(
        l.id, l.gambling_type_id, t.equipment_required, to_jsonb(t.channel_kinds), (
          select coalesce(jsonb_agg(jsonb_build_array(
            ledger.microseconds(lower(p.period)), ledger.microseconds(upper(p.period))
          ) order by p.period), '[]'::jsonb)
          from unnest(
            tstzmultirange(tstzrange(l.valid_from, least(l.valid_until, l.revoked_at))) - coalesce((
              select range_agg(tstzrange(s.suspended_from, s.suspended_until))
              from registry.licence_suspension as s
              where s.licence_id = l.id and s.withdrawn_at is null
            ), '{}'::tstzmultirange)
          ) as p (period)
        )
      )), '{}'::jsonb)
      from registry.licence as l
      join registry.gambling_type as t on t.id = l.gambling_type_id
      where l.operator_id = p_operator_id
    ),
    'channels', (
      select coalesce(jsonb_object_agg(c.code, jsonb_build_array(
        c.id, c.kind, ledger.microseconds(c.active_from), ledger.microseconds(c.active_until)
      )), '{}'::jsonb)
      from registry.channel as c where c.operator_id = p_operator_id
    ),
    'equipment', (
      select coalesce(jsonb_object_agg(e.code, jsonb_build_array(
        e.id, (
          select coalesce(jsonb_agg(jsonb_build_array(
            ledger.microseconds(lower(p.period)), ledger.microseconds(upper(p.period))
          ) order by p.period), '[]'::jsonb)
          from unnest(
            tstzmultirange(tstzrange(e.active_from, e.active_until)) - coalesce((
              select range_agg(tstzrange(b.blocked_from, b.blocked_until))
              from registry.equipment_block as b where b.equipment_id = e.id
            ), '{}'::tstzmultirange)
          ) as p (period)
        )
      )), '{}'::jsonb)
      from registry.equipment as e where e.operator_id = p_operator_id
    ),
    'places', (
      select coalesce(jsonb_object_agg(e.code, p.places), '{}'::jsonb)
      from registry.equipment as e
      cross join lateral (
        select coalesce(jsonb_agg(jsonb_build_array(
          w.channel_id, ledger.microseconds(w.placed_from), ledger.microseconds(w.placed_until)
        ) order by w.placed_from), '[]'::jsonb) as places
        from registry.equipment_place as w where w.equipment_id = e.id
      ) as p
      where e.operator_id = p_operator_id
    ),
    'games', (
      select coalesce(jsonb_object_agg(g.code, jsonb_build_array(
        g.id, g.gambling_type_id,
        ledger.microseconds(g.active_from), ledger.microseconds(g.active_until)
      )), '{}'::jsonb)
      from registry.game as g where g.operator_id = p_operator_id
    )
  );
end
$body$;
alter function ledger.operator_codes(integer) owner to dozir_writer;
comment on function ledger.operator_codes(integer) is
  'What is registered of an operator, with periods of validity, as one JSON document.';
