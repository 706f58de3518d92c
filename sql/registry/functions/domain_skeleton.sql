create or replace function registry.domain_skeleton(p_unicode text) returns text
  language plpgsql immutable
  set search_path = pg_catalog, pg_temp
as $body$
-- After the confusables of UTS 39, for the letters that a canonical domain can have: what looks alike
-- becomes the same letter.
begin
  return replace(replace(translate(p_unicode, 'аеіїорсухгкмнтвь01', 'aeiiopcyxrkmhtbboi'), 'rn', 'm'), 'l', 'i');
end
$body$;
comment on function registry.domain_skeleton(text) is
  'A domain with letters that look alike made one: two sites with one skeleton would deceive.';
