create or replace function identity.keep_evidence(
  p_challenge uuid, p_browser_sha256 bytea, p_purpose text, p_evidence jsonb, p_cms bytea,
  p_certificate bytea, p_chain bytea[], p_person_id integer, p_operator_id integer, p_object text,
  p_object_id text
) returns bigint
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Uses a challenge up and keeps the signature on it. Raises DZP04 where the challenge was not given
-- to this browser for this purpose, is over or used already.
declare
  given identity.challenge;
  kept bigint;
begin
  update identity.challenge as c set used_at = transaction_timestamp()
  where c.id = p_challenge and c.browser_sha256 = p_browser_sha256 and c.purpose = p_purpose
    and c.used_at is null and statement_timestamp() < c.expires_at
  returning c.* into given;
  if given.id is null then
    raise exception using errcode = 'DZP04', message = 'no such challenge';
  end if;
  insert into identity.signature (
    challenge_id, browser_sha256, purpose, person_id, operator_id, object, object_id, content,
    content_sha256, cms, certificate, chain, tax_number, signer, algorithm, signed_at, stamped_at,
    verdict, verified_at, trust
  ) values (
    given.id, given.browser_sha256, given.purpose, p_person_id, p_operator_id, p_object, p_object_id,
    convert_to(given.content, 'UTF8'), sha256(convert_to(given.content, 'UTF8')), p_cms, p_certificate,
    p_chain, p_evidence -> 'signer' ->> 'rnokpp', p_evidence -> 'signer', p_evidence ->> 'algorithm',
    (p_evidence ->> 'signed_at')::timestamptz, (p_evidence ->> 'stamped_at')::timestamptz,
    p_evidence ->> 'verdict', (p_evidence ->> 'verified_at')::timestamptz, p_evidence -> 'trust'
  ) returning id into kept;
  return kept;
end
$body$;
alter function identity.keep_evidence(
  uuid, bytea, text, jsonb, bytea, bytea, bytea[], integer, integer, text, text
) owner to dozir_writer;
comment on function identity.keep_evidence(
  uuid, bytea, text, jsonb, bytea, bytea, bytea[], integer, integer, text, text
) is 'Uses a challenge up and keeps the signature that answers it.';
