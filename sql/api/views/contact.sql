create or replace view api.contact with (security_invoker = true) as
select email, language, confirmed_at, digest_hour, next_digest_at from identity.contact;
comment on view api.contact is 'Where the caller''s mail goes.';
