create or replace function api.verify_licence_fee(
  p_fee_id integer, p_source text
) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select registry.verify_licence_fee(p_fee_id, p_source);
end;
alter function api.verify_licence_fee(integer, text) owner to dozir_writer;
comment on function api.verify_licence_fee(integer, text) is
  'A second official has compared a fee with the act that sets it.';
