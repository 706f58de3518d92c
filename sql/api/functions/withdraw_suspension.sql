create or replace function api.withdraw_suspension(
  p_suspension_id integer, p_grounds text
) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select registry.withdraw_suspension(p_suspension_id, p_grounds);
end;
alter function api.withdraw_suspension(integer, text) owner to dozir_writer;
comment on function api.withdraw_suspension(integer, text) is
  'Takes back a suspension of a licence before it begins.';
