create or replace function api.end_session(p_token_sha256 bytea) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  update identity.session as s set ended_at = transaction_timestamp()
  where s.token_sha256 = p_token_sha256 and s.ended_at is null;
end;
alter function api.end_session(bytea) owner to dozir_writer;
comment on function api.end_session(bytea) is 'Ends a session at once.';
