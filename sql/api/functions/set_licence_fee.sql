create or replace function api.set_licence_fee(
  p_licence_kind_id smallint, p_amount_minor bigint, p_currency smallint, p_valid_from date, p_grounds text,
  p_source text default null
) returns integer
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select registry.set_licence_fee(
    p_licence_kind_id, p_amount_minor, p_currency, p_valid_from, p_grounds, p_source);
end;
alter function api.set_licence_fee(smallint, bigint, smallint, date, text, text) owner to dozir_writer;
comment on function api.set_licence_fee(smallint, bigint, smallint, date, text, text) is
  'Sets the yearly fee of a kind of licence from a day on.';
