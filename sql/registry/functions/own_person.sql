create or replace function registry.own_person() returns integer
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $body$
begin
  return nullif(current_setting('dozir.person_id', true), '')::integer;
end
$body$;
comment on function registry.own_person() is 'The person who acts, where the portal named one.';
