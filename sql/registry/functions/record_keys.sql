create or replace function registry.record_keys(p_kind text, p_record jsonb)
  returns table (attribute text, value text)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- What no two records that are proposed together may share; of what is registered already
-- registry.check_record says the same.
begin
  return query
  select k.code_attribute, p_record ->> k.code_attribute
  from registry.record_kind as k where k.kind = p_kind and p_record ? k.code_attribute;
  if p_kind = 'equipment' and p_record ? 'serial_number' then
    return query
    select 'serial_number', jsonb_build_array(p_record -> 'serial_number', p_record -> 'model')::text;
  elsif p_kind = 'website' and p_record ? 'domain' then
    return query
    select 'domain', registry.domain_skeleton(registry.domain_unicode(p_record ->> 'domain'));
  end if;
end
$body$;
alter function registry.record_keys(text, jsonb) owner to dozir_writer;
comment on function registry.record_keys(text, jsonb) is
  'What makes a record one of its own among those that are proposed with it, by attribute.';
