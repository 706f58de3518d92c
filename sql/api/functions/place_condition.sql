create or replace function api.place_condition(
  p_key text, p_type text, p_id text, p_descending boolean, p_cursor text
) returns text
  language plpgsql immutable security invoker
  set search_path = pg_catalog, pg_temp
as $body$
-- A cursor says where a row of a list stands: base64 of [key, id] in JSON. Key, type and id are SQL of
-- the functions that call it, the cursor anybody's. Empty without a cursor. Raises DZR04.
declare
  parts jsonb;
begin
  if p_cursor is null then
    return '';
  end if;
  parts := convert_from(decode(p_cursor, 'base64'), 'UTF8')::jsonb;
  if jsonb_typeof(parts -> 0) is distinct from (case p_type when 'bigint' then 'number' else 'string' end)
    or jsonb_typeof(parts -> 1) is distinct from 'number' then
    raise exception using errcode = 'data_exception';
  elsif p_type = 'timestamptz' then
    perform (parts ->> 0)::timestamptz;
  elsif p_type = 'bigint' then
    perform (parts ->> 0)::bigint;
  end if;
  return format(' and (%s, %s) %s (%L::%s, %s)', p_key, p_id, case when p_descending then '<' else '>' end,
    parts ->> 0, p_type, (parts ->> 1)::integer);
exception
  when data_exception then
    raise exception using errcode = 'DZR04', message = 'no such cursor';
end
$body$;
comment on function api.place_condition(text, text, text, boolean, text) is
  'The condition that a row comes after the place that a cursor names, in the order of a list.';
