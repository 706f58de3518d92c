create or replace function api.games_counted_until() returns timestamptz
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
as $body$
-- A function, and no subselect, so that plans are made with its value: few hours are newer.
begin
  return (select p.counted_until from api.game_progress as p);
end
$body$;
comment on function api.games_counted_until() is 'How far days of games are counted, for plans.';
