create or replace function registry.domain_unicode(p_domain text) returns text
  language plpgsql immutable
  set search_path = pg_catalog, pg_temp
as $body$
-- A canonical domain as people read it; null for every other text. Canonical: lower-case ASCII, two
-- labels or more, no trailing dot, no empty or over-long label. A label in punycode is of Ukrainian
-- letters, digits and hyphens, of one script, and really needs punycode.
declare
  label text;
  decoded text;
  labels text[] := '{}'::text[];
begin
  if length(p_domain) > 253
    or p_domain !~ '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})$' then
    return null;
  end if;
  foreach label in array string_to_array(p_domain, '.') loop
    if label like 'xn--%' then
      decoded := registry.decode_punycode(substr(label, 5));
      if decoded is null or decoded !~ '^[абвгґдеєжзиіїйклмнопрстуфхцчшщьюя0-9-]+$'
        or decoded !~ '[а-яґєії]' or decoded ~ '^-|-$' then
        return null;
      end if;
      label := decoded;
    elsif substr(label, 3, 2) = '--' then
      return null;
    end if;
    labels := labels || label;
  end loop;
  return array_to_string(labels, '.');
end
$body$;
comment on function registry.domain_unicode(text) is
  'A canonical domain (ASCII, lower case) in the letters people read; null where it is not canonical.';
