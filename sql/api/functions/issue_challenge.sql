create or replace function api.issue_challenge(
  p_id uuid, p_browser_sha256 bytea, p_purpose text, p_origin text, p_request_sha256 bytea,
  p_content text, p_expires_at timestamptz
) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  insert into identity.challenge
    (id, browser_sha256, purpose, origin, request_sha256, content, expires_at)
  values (
    p_id, p_browser_sha256, p_purpose, p_origin, p_request_sha256, p_content,
    least(p_expires_at, transaction_timestamp() + interval '1 hour'));
end;
alter function api.issue_challenge(uuid, bytea, text, text, bytea, text, timestamptz)
  owner to dozir_writer;
comment on function api.issue_challenge(uuid, bytea, text, text, bytea, text, timestamptz) is
  'Gives a text to one browser to be signed, for an hour at most.';
