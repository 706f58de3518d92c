create or replace function api.state_reason(p_token_sha256 bytea, p_kind text, p_text text)
  returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select audit.state_reason(p_token_sha256, p_kind, p_text);
end;
alter function api.state_reason(bytea, text, text) owner to dozir_writer;
comment on function api.state_reason(bytea, text, text) is
  'States why the caller looks at transactions, for an hour of their session; raises DZA04.';
