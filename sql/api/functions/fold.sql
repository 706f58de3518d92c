create or replace function api.fold(p_text text) returns text
  language plpgsql immutable parallel safe
  set search_path = pg_catalog, pg_temp
as $body$
-- As a search compares texts: case, kinds of apostrophe, and ґ beside г make no difference.
begin
  return translate(lower(normalize(p_text) collate "uk-x-icu"), 'ґ’ʼ‘`´', 'г''''''''''');
end
$body$;
comment on function api.fold(text) is 'A text as searches compare it.';
