create or replace function registry.check_record(
  p_kind text, p_action text, p_record_id integer, p_operator_id integer, p_record jsonb
) returns jsonb
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $body$
-- Rules between attributes and between records, on the record as it would stand:
-- [{attribute, code, detail}].
declare
  k registry.record_kind;
  errors jsonb := '[]'::jsonb;
  since timestamptz;
  until timestamptz;
  licence_kind registry.licence_kind;
  looks text;
begin
  select * into strict k from registry.record_kind as r where r.kind = p_kind;
  since := (p_record ->> k.since_attribute)::timestamptz;
  until := coalesce((p_record ->> k.until_attribute)::timestamptz, 'infinity');
  if since >= until then
    errors := errors || jsonb_build_object('attribute', k.until_attribute, 'code', 'reversed');
  end if;
  if p_action = 'create' and exists (
    select from registry.entry as e
    where e.kind = any (
        case when k.table_name = 'channel' then '{venue,website,mobile_application}'::text[]
          else array[p_kind] end)
      and e.code = p_record ->> k.code_attribute and e.recorded_until = 'infinity'
      and (p_kind in ('organiser', 'licence') or e.operator_id = coalesce(p_operator_id, 0))
  ) then
    errors := errors || jsonb_build_object('attribute', k.code_attribute, 'code', 'taken');
  end if;
  case p_kind
    when 'organiser' then
      if p_action = 'create' and exists (
        select from registry.operator as o where o.taxpayer_code = p_record ->> 'taxpayer_code'
      ) then
        errors := errors || jsonb_build_object('attribute', 'taxpayer_code', 'code', 'taken');
      end if;
    when 'licence' then
      select * into licence_kind from registry.licence_kind as l
      where l.id = (p_record ->> 'licence_kind_id')::smallint;
      if licence_kind.object_kind = 'equipment' and p_record ->> 'equipment_id' is null then
        errors := errors || jsonb_build_object('attribute', 'equipment_id', 'code', 'required');
      elsif licence_kind.object_kind = 'venue' and p_record ->> 'channel_id' is null then
        errors := errors || jsonb_build_object('attribute', 'channel_id', 'code', 'required');
      end if;
      if p_record ->> 'equipment_id' is not null
        and licence_kind.object_kind is distinct from 'equipment' then
        errors := errors || jsonb_build_object('attribute', 'equipment_id', 'code', 'not_applicable');
      end if;
      if p_record ->> 'channel_id' is not null and licence_kind.object_kind is distinct from 'venue' then
        errors := errors || jsonb_build_object('attribute', 'channel_id', 'code', 'not_applicable');
      end if;
      if since < until and exists (
        select from registry.licence as l
        where l.operator_id = p_operator_id and l.id is distinct from p_record_id
          and l.licence_kind_id = licence_kind.id
          and l.object_id = coalesce(
            (p_record ->> 'equipment_id')::bigint, -(p_record ->> 'channel_id')::bigint, 0)
          and tstzrange(l.valid_from, least(l.valid_until, l.revoked_at)) && tstzrange(since, until)
      ) then
        errors := errors || jsonb_build_object('attribute', 'valid_from', 'code', 'overlap');
      end if;
      if since < until and until > since + make_interval(years => licence_kind.term_years) then
        errors := errors || jsonb_build_object('attribute', 'valid_until', 'code', 'term', 'detail',
          jsonb_build_object('years', licence_kind.term_years));
      end if;
    when 'website' then
      looks := registry.domain_skeleton(registry.domain_unicode(p_record ->> 'domain'));
      if exists (
        select from registry.website as w
        join registry.channel as c on c.id = w.channel_id
        where w.skeleton = looks and w.channel_id is distinct from p_record_id
          and c.active_until > transaction_timestamp()
          and (w.operator_id <> p_operator_id or w.domain = p_record ->> 'domain')
      ) then
        errors := errors || jsonb_build_object('attribute', 'domain', 'code', 'claimed');
      end if;
    when 'equipment' then
      if p_action <> 'create' and exists (
        select from registry.equipment as e
        where e.id = p_record_id and e.state in ('blocked', 'retired')
          and e.channel_id is distinct from (p_record ->> 'channel_id')::integer
      ) then
        errors := errors || jsonb_build_object('attribute', 'channel_id', 'code', 'blocked');
      end if;
      if exists (
        select from registry.equipment as e
        where e.serial_number = p_record ->> 'serial_number' and e.model = p_record ->> 'model'
          and e.id is distinct from p_record_id and e.state <> 'retired'
      ) then
        errors := errors || jsonb_build_object('attribute', 'serial_number', 'code', 'taken');
      end if;
      if p_record ? 'table_game' and p_record ->> 'kind' <> 'gaming_table' then
        errors := errors || jsonb_build_object('attribute', 'table_game', 'code', 'not_applicable');
      end if;
    when 'product' then
      if exists (
        select from registry.product as p
        where p.supplier_id = (p_record ->> 'supplier_id')::integer and p.name = p_record ->> 'name'
          and p.version = p_record ->> 'version' and p.id is distinct from p_record_id
      ) then
        errors := errors || jsonb_build_object('attribute', 'version', 'code', 'taken');
      end if;
    when 'certificate' then
      if exists (
        select from registry.product as p
        where p.id = (p_record ->> 'product_id')::integer
          and p.software_sha256 <> p_record ->> 'software_sha256'
      ) then
        errors := errors || jsonb_build_object('attribute', 'software_sha256', 'code', 'other_software');
      end if;
    when 'blocked_site' then
      if (p_record ->> 'address' like 'https://%') <> (p_record ->> 'site_kind' not in ('site', 'mirror')) then
        errors := errors || jsonb_build_object('attribute', 'address', 'code', 'other_form');
      elsif p_record ->> 'site_kind' in ('site', 'mirror') and until > transaction_timestamp()
        and blocking.licensed_under(p_record ->> 'address') is not null then
        errors := errors || jsonb_build_object('attribute', 'address', 'code', 'licensed');
      end if;
      if (p_record ->> 'site_kind' = 'mirror') <> (p_record ->> 'mirror_of_id' is not null) then
        errors := errors || jsonb_build_object('attribute', 'mirror_of_id', 'code',
          case when p_record ->> 'site_kind' = 'mirror' then 'required' else 'not_applicable' end);
      end if;
      if (p_record ->> 'order_date')::timestamptz > transaction_timestamp() then
        errors := errors || jsonb_build_object('attribute', 'order_date', 'code', 'future');
      end if;
    else null;
  end case;
  return errors;
end
$body$;
alter function registry.check_record(text, text, integer, integer, jsonb) owner to dozir_writer;
comment on function registry.check_record(text, text, integer, integer, jsonb) is
  'What is wrong with a record as it would stand: duplicates, overlaps, claims, reversed dates.';
