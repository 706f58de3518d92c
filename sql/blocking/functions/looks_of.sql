create or replace function blocking.looks_of(p_host text) returns text
  language plpgsql immutable
  set search_path = pg_catalog, pg_temp
as $body$
-- What a domain looks like, whatever scripts its labels are of: punycode decoded, marks taken off, letters of
-- other scripts that look like Latin or Ukrainian ones replaced (UTS 39), then the skeleton of the registry.
declare
  label text;
  labels text[] := '{}'::text[];
begin
  foreach label in array string_to_array(p_host, '.') loop
    if label like 'xn--%' then
      label := coalesce(registry.decode_punycode(substr(label, 5)), label);
    end if;
    labels := labels || label;
  end loop;
  return registry.domain_skeleton(translate(
    regexp_replace(normalize(lower(array_to_string(labels, '.')), nfkd), '[\u0300-\u036f]', '', 'g'),
    'αβεικορτυνγχωѕјһӏԁѵɡıł', 'abeikoptuvyxwsjhidvgil'));
end
$body$;
comment on function blocking.looks_of(text) is 'What a domain looks like: two with the same would deceive.';
