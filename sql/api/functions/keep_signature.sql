create or replace function api.keep_signature(
  p_challenge uuid, p_browser_sha256 bytea, p_purpose text, p_evidence jsonb, p_cms bytea,
  p_certificate bytea, p_chain bytea[], p_operator_id integer, p_object text, p_object_id text,
  p_token_sha256 bytea, p_new_sha256 bytea
) returns bigint
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Within the transaction of the decision that was signed. The session goes on under a new token.
-- Raises DZP01 where somebody else signed than the person who acts, DZP04.
declare
  own constant integer := registry.own_person();
  own_operator constant integer := registry.own_operator();
  kept bigint;
begin
  if registry.caller_role() is null or not exists (
    select from identity.person as p
    where p.id = own and p.tax_number = p_evidence -> 'signer' ->> 'rnokpp'
      and not identity.is_locked(p.id)
  ) then
    raise exception using errcode = 'DZP01', message = 'somebody else signed';
  end if;
  update identity.session as s set token_sha256 = p_new_sha256
  where s.token_sha256 = p_token_sha256 and s.person_id = own and s.ended_at is null;
  if not found then
    raise exception using errcode = 'DZP04', message = 'no such session';
  end if;
  kept := identity.keep_evidence(
    p_challenge, p_browser_sha256, p_purpose, p_evidence, p_cms, p_certificate, p_chain, own,
    coalesce(own_operator, p_operator_id), p_object, p_object_id);
  perform audit.note(
    'step_up', p_object, p_object_id, jsonb_build_object('signature', kept, 'purpose', p_purpose),
    array[coalesce(own_operator, p_operator_id)]);
  return kept;
end
$body$;
alter function api.keep_signature(
  uuid, bytea, text, jsonb, bytea, bytea, bytea[], integer, text, text, bytea, bytea
) owner to dozir_writer;
comment on function api.keep_signature(
  uuid, bytea, text, jsonb, bytea, bytea, bytea[], integer, text, text, bytea, bytea
) is 'Keeps the signature of a decision beside it, in one transaction; raises DZP01, DZP04.';
