create or replace function api.set_notice(p_kind text, p_in_bell boolean, p_by_mail text) returns boolean
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select identity.set_notice(p_kind, p_in_bell, p_by_mail);
end;
alter function api.set_notice(text, boolean, text) owner to dozir_writer;
comment on function api.set_notice(text, boolean, text) is
  'By which ways the caller wants to be told of a kind.';
