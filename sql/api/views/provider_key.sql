create or replace view api.provider_key with (security_invoker = true) as
select id, provider_id, made_at, revoked_at
from blocking.provider_key;
comment on view api.provider_key is 'Secrets of providers: when they were made and revoked.';
