create or replace function api.names()
  returns table (kind text, id integer, code text, name_uk text, name_en text)
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
as $body$
-- What the filters and tables of a page call things: operators, gambling types, currencies.
begin
  return query
  select 'operator', o.id, o.code, o.name_uk, o.name_en from api.operator as o
  union all
  select 'gambling_type', t.id::integer, t.code, t.name_uk, t.name_en from api.gambling_type as t
  union all
  select 'currency', c.id::integer, c.code, c.minor_digits::text, c.minor_digits::text
  from api.currency as c
  order by 1, 4;
end
$body$;
comment on function api.names() is
  'Names of operators, gambling types and currencies that the caller may see.';
