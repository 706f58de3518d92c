create or replace function registry.check_own_operator(p_operator_id integer) returns void
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $body$
-- An operator's people act for their own operator alone; another's is refused as if there were none.
begin
  if current_setting('role') = 'operator'
    and p_operator_id is distinct from nullif(current_setting('dozir.operator_id', true), '')::integer then
    raise exception using errcode = 'DZK01', message = 'unknown access key or operator';
  end if;
end
$body$;
comment on function registry.check_own_operator(integer) is
  'Refuses an operator''s people what is not their own operator''s.';
