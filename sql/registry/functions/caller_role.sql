create or replace function registry.caller_role() returns text
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $body$
-- SET ROLE shows here even inside a definer, and nobody sets it to a role that is not granted.
begin
  return nullif(current_setting('role'), 'none');
end
$body$;
comment on function registry.caller_role() is 'The portal role that the caller has become.';
