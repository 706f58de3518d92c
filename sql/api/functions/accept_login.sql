create or replace function api.accept_login(
  p_challenge uuid, p_browser_sha256 bytea, p_evidence jsonb, p_cms bytea, p_certificate bytea,
  p_chain bytea[]
) returns bigint
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select identity.keep_evidence(
    p_challenge, p_browser_sha256, 'login', p_evidence, p_cms, p_certificate, p_chain, null, null,
    null, null);
end;
alter function api.accept_login(uuid, bytea, jsonb, bytea, bytea, bytea[]) owner to dozir_writer;
comment on function api.accept_login(uuid, bytea, jsonb, bytea, bytea, bytea[]) is
  'Keeps a verified signature for signing in, once for a challenge; raises DZP04.';
