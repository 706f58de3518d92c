create or replace view api.signature with (security_invoker = true) as
select
  id, purpose, made_at, person_id, operator_id, object, object_id, content, content_sha256, cms,
  certificate, chain, signer, algorithm, signed_at, stamped_at, verdict, verified_at, trust
from identity.signature;
comment on view api.signature is
  'Signatures of decisions with the evidence to verify them again; those of signing in are in none.';
