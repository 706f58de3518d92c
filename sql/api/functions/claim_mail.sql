create or replace function api.claim_mail(p_stale_seconds integer) returns table (
    id uuid, attempt integer, recipient text, subject text, body text, stop_address text,
    created_at timestamptz
  )
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select
    f.id, f.attempt, f.recipient, f.subject, f.body, f.stop_address, f.created_at
  from identity.claim_mail(p_stale_seconds) as f;
end;
alter function api.claim_mail(integer) owner to dozir_writer;
comment on function api.claim_mail(integer) is
  'For the sender: the mail that is to be sent next, if any.';
