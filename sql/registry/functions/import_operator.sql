create or replace function registry.import_operator(p_document jsonb) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Registers one operator with all that belongs to it, or adds to it what is new; what is there
-- already by code stays as it is. Shape of the document:
--   {code, name_uk, name_en, taxpayer_code, active_from,
--    licences:  [{number, type, valid_from, valid_until, suspensions: [{from, until, grounds}]}],
--    brands?:   [{code, name_uk, name_en, trademark?, active_from}],
--    representatives?: [{code, name_uk, name_en, position, powers, document?, taxpayer_number?,
--                        email?, phone?, active_from, active_until?}],
--    channels:  [{code, kind, name_uk, name_en, active_from, active_until?,
--                 region?, address?, latitude?, longitude?, opening_hours?, purpose?,    (venue)
--                 domain?, brand?,                                              (website)
--                 platform?, store_identifier?, store_url?}],                   (mobile_application)
--    equipment: [{code, kind, channel, serial_number, model, active_from, active_until?,
--                 manufacturer?, software_version?, software_sha256?, table_game?, declared_rtp_ppm?,
--                 declared_sigma_ppm?, blocks?: [{order_number, grounds, from}]}],
--    games:     [{code, title, provider, type, declared_rtp_ppm?, declared_sigma_ppm?, active_from,
--                 active_until?, version?, certificate?, software_sha256?}]}
-- Moments are RFC 3339 strings; type is a gambling type's code; channel and brand are codes of this
-- document.
-- Raises DZV03 when something names an unknown type or channel, or another operator's licence.
-- What it added enters the log: how many of each, and the document without its representatives as a
-- hash, for a person's number could be tried against that.
declare
  new_operator integer;
  missing text;
  counted bigint;
  added jsonb := '{}'::jsonb;
begin
  perform identity.check_permission('registry.import');
  insert into registry.operator (code, name_uk, name_en, taxpayer_code, active_from)
  select d.code, d.name_uk, d.name_en, d.taxpayer_code, d.active_from
  from jsonb_to_record(p_document) as d (
    code text, name_uk text, name_en text, taxpayer_code text, active_from timestamptz
  )
  on conflict (code) do nothing;
  get diagnostics counted = row_count;
  added := added || jsonb_build_object('organisers', counted);
  select o.id into strict new_operator
  from registry.operator as o where o.code = p_document ->> 'code';

  insert into registry.licence (operator_id, number, gambling_type_id, valid_from, valid_until)
  select new_operator, d.number, t.id, d.valid_from, d.valid_until
  from jsonb_to_recordset(p_document -> 'licences') as d (
    number text, type text, valid_from timestamptz, valid_until timestamptz
  )
  join registry.gambling_type as t on t.code = d.type
  on conflict (number) do nothing;
  get diagnostics counted = row_count;
  added := added || jsonb_build_object('licences', counted);

  insert into registry.licence_suspension (
    operator_id, licence_id, suspended_from, suspended_until, grounds
  )
  select new_operator, l.id, s."from", coalesce(s.until, 'infinity'), s.grounds
  from jsonb_to_recordset(p_document -> 'licences') as d (number text, suspensions jsonb)
  join registry.licence as l on l.number = d.number and l.operator_id = new_operator
  cross join lateral jsonb_to_recordset(coalesce(d.suspensions, '[]'::jsonb)) as s (
    "from" timestamptz, until timestamptz, grounds text
  )
  where not exists (
    select from registry.licence_suspension as x
    where x.licence_id = l.id and x.suspended_from = s."from"
  );
  get diagnostics counted = row_count;
  added := added || jsonb_build_object('suspensions', counted);

  insert into registry.brand (operator_id, code, name_uk, name_en, trademark, active_from)
  select new_operator, d.code, d.name_uk, d.name_en, d.trademark, d.active_from
  from jsonb_to_recordset(coalesce(p_document -> 'brands', '[]')) as d (
    code text, name_uk text, name_en text, trademark text, active_from timestamptz
  )
  on conflict (operator_id, code) do nothing;
  get diagnostics counted = row_count;
  added := added || jsonb_build_object('brands', counted);

  insert into registry.representative (
    operator_id, code, name_uk, name_en, position, powers, document, taxpayer_number, email, phone,
    active_from, active_until
  )
  select
    new_operator, d.code, d.name_uk, d.name_en, d.position, d.powers, d.document, d.taxpayer_number,
    d.email, d.phone, d.active_from, coalesce(d.active_until, 'infinity')
  from jsonb_to_recordset(coalesce(p_document -> 'representatives', '[]')) as d (
    code text, name_uk text, name_en text, position text, powers text[], document text,
    taxpayer_number text, email text, phone text, active_from timestamptz, active_until timestamptz
  )
  on conflict (operator_id, code) do nothing;
  get diagnostics counted = row_count;
  added := added || jsonb_build_object('representatives', counted);

  insert into registry.channel (
    operator_id, code, kind, name_uk, name_en, active_from, active_until
  )
  select
    new_operator, d.code, d.kind, d.name_uk, d.name_en, d.active_from,
    coalesce(d.active_until, 'infinity')
  from jsonb_to_recordset(p_document -> 'channels') as d (
    code text, kind text, name_uk text, name_en text, active_from timestamptz,
    active_until timestamptz
  )
  on conflict (operator_id, code) do nothing;
  get diagnostics counted = row_count;
  added := added || jsonb_build_object('channels', counted);

  insert into registry.venue (
    channel_id, operator_id, region, address, latitude, longitude, opening_hours, purpose
  )
  select
    c.id, new_operator, d.region, d.address, d.latitude, d.longitude,
    coalesce(d.opening_hours, ''), d.purpose
  from jsonb_to_recordset(p_document -> 'channels') as d (
    code text, region text, address text, latitude numeric, longitude numeric, opening_hours text,
    purpose text
  )
  join registry.channel as c on c.operator_id = new_operator and c.code = d.code
  where c.kind = 'venue'
  on conflict (channel_id) do nothing;

  insert into registry.website (channel_id, operator_id, domain, brand_id)
  select c.id, new_operator, d.domain, b.id
  from jsonb_to_recordset(p_document -> 'channels') as d (code text, domain text, brand text)
  join registry.channel as c on c.operator_id = new_operator and c.code = d.code
  left join registry.brand as b on b.operator_id = new_operator and b.code = d.brand
  where c.kind = 'website'
  on conflict (channel_id) do nothing;

  insert into registry.mobile_application (
    channel_id, operator_id, platform, store_identifier, store_url
  )
  select c.id, new_operator, d.platform, d.store_identifier, d.store_url
  from jsonb_to_recordset(p_document -> 'channels') as d (
    code text, platform text, store_identifier text, store_url text
  )
  join registry.channel as c on c.operator_id = new_operator and c.code = d.code
  where c.kind = 'mobile_application'
  on conflict (channel_id) do nothing;

  insert into registry.equipment (
    operator_id, code, kind, channel_id, serial_number, model, active_from, active_until, manufacturer,
    software_version, software_sha256, table_game, declared_rtp_ppm, declared_sigma_ppm
  )
  select
    new_operator, d.code, d.kind, c.id, d.serial_number, d.model, d.active_from,
    coalesce(d.active_until, 'infinity'), d.manufacturer, d.software_version, d.software_sha256,
    d.table_game, d.declared_rtp_ppm, d.declared_sigma_ppm
  from jsonb_to_recordset(p_document -> 'equipment') as d (
    code text, kind text, channel text, serial_number text, model text, active_from timestamptz,
    active_until timestamptz, manufacturer text, software_version text, software_sha256 text,
    table_game text, declared_rtp_ppm integer, declared_sigma_ppm bigint
  )
  join registry.channel as c on c.operator_id = new_operator and c.code = d.channel
  on conflict (operator_id, code) do nothing;
  get diagnostics counted = row_count;
  added := added || jsonb_build_object('equipment', counted);

  -- The block first: it is what the state of the equipment then says.
  with ordered as (
    insert into registry.equipment_block (operator_id, equipment_id, order_number, grounds, blocked_from)
    select new_operator, e.id, b.order_number, b.grounds, b."from"
    from jsonb_to_recordset(p_document -> 'equipment') as d (code text, blocks jsonb)
    join registry.equipment as e on e.operator_id = new_operator and e.code = d.code
    cross join lateral jsonb_to_recordset(coalesce(d.blocks, '[]')) as b (
      order_number text, grounds text, "from" timestamptz
    )
    where e.state = 'installed'
    returning equipment_id
  )
  update registry.equipment as e set state = 'blocked' from ordered as o where e.id = o.equipment_id;
  get diagnostics counted = row_count;
  added := added || jsonb_build_object('blocks', counted);

  insert into registry.game (
    operator_id, code, title, provider, gambling_type_id, declared_rtp_ppm, declared_sigma_ppm,
    active_from, active_until, version, certificate, software_sha256
  )
  select
    new_operator, d.code, d.title, d.provider, t.id, d.declared_rtp_ppm, d.declared_sigma_ppm,
    d.active_from, coalesce(d.active_until, 'infinity'), d.version, d.certificate, d.software_sha256
  from jsonb_to_recordset(p_document -> 'games') as d (
    code text, title text, provider text, type text, declared_rtp_ppm integer,
    declared_sigma_ppm bigint, active_from timestamptz, active_until timestamptz, version text,
    certificate text, software_sha256 text
  )
  join registry.gambling_type as t on t.code = d.type
  on conflict (operator_id, code) do nothing;
  get diagnostics counted = row_count;
  added := added || jsonb_build_object('games', counted);

  -- What found no place was skipped by a join or a conflict above: then nothing is imported.
  select string_agg(m.what, ', ' order by m.what) into missing
  from (
    select 'licence ' || d.number as what
    from jsonb_to_recordset(p_document -> 'licences') as d (number text)
    where not exists (
      select from registry.licence as l where l.number = d.number and l.operator_id = new_operator
    )
    union all
    select 'equipment ' || d.code
    from jsonb_to_recordset(p_document -> 'equipment') as d (code text)
    where not exists (
      select from registry.equipment as e where e.code = d.code and e.operator_id = new_operator
    )
    union all
    select 'game ' || d.code
    from jsonb_to_recordset(p_document -> 'games') as d (code text)
    where not exists (
      select from registry.game as g where g.code = d.code and g.operator_id = new_operator
    )
  ) as m;
  if missing is not null then
    raise exception using
      errcode = 'DZV03',
      message = 'of unknown type or channel, or registered for another operator: ' || missing;
  end if;
  select jsonb_object_agg(a.key, a.value) into added from jsonb_each(added) as a where a.value <> '0';
  if added is not null then
    perform registry.enter_decision(new_operator, 'operator_imported', jsonb_build_object(
      'added', added, 'document_sha256', registry.text_hash((p_document - 'representatives')::text)));
  end if;
  return new_operator;
end
$body$;
alter function registry.import_operator(jsonb) owner to dozir_writer;
comment on function registry.import_operator(jsonb) is
  'Registers one operator with licences, channels, equipment and games from one JSON document.';
