create or replace function api.challenge(
  p_id uuid, p_browser_sha256 bytea, p_purpose text, p_origin text, p_trying boolean
) returns table (content text, request_sha256 bytea, expires_at timestamptz)
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  -- Ten answers at most: each takes the server's time.
  update identity.challenge as c set tries = c.tries + p_trying::integer
  where c.id = p_id and c.browser_sha256 = p_browser_sha256 and c.purpose = p_purpose
    and c.origin = p_origin and c.used_at is null and transaction_timestamp() < c.expires_at
    and c.tries < 10
  returning c.content, c.request_sha256, c.expires_at;
end;
alter function api.challenge(uuid, bytea, text, text, boolean) owner to dozir_writer;
comment on function api.challenge(uuid, bytea, text, text, boolean) is
  'A challenge that was given to this browser at this address for this purpose and still counts; no '
  'row else.';
