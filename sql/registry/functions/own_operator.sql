create or replace function registry.own_operator() returns integer
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $body$
begin
  return nullif(current_setting('dozir.operator_id', true), '')::integer;
end
$body$;
comment on function registry.own_operator() is 'The operator for whom the caller acts.';
