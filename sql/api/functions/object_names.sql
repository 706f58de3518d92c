create or replace function api.object_names(
  p_licences integer[], p_channels integer[], p_equipment integer[], p_games integer[]
) returns table (kind text, id integer, code text, name_uk text, name_en text)
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
as $body$
-- Codes and names of the objects that a page of transactions refers to.
begin
  return query
  select 'licence', l.id, l.number, l.number, l.number
  from api.licence as l where l.id = any (p_licences)
  union all
  select 'channel', c.id, c.code, c.name_uk, c.name_en
  from api.channel as c where c.id = any (p_channels)
  union all
  select 'equipment', e.id, e.code, e.model, e.model
  from api.equipment as e where e.id = any (p_equipment)
  union all
  select 'game', g.id, g.code, g.title, g.title
  from api.game as g where g.id = any (p_games);
end
$body$;
comment on function api.object_names(integer[], integer[], integer[], integer[]) is
  'Codes and names of registered objects by id.';
