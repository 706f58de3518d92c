create or replace function api.mail_figures() returns table (
    waiting bigint, oldest_at timestamptz, given_up bigint, last_sent_at timestamptz
  )
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select
    f.waiting, f.oldest_at, f.given_up, f.last_sent_at
  from identity.mail_figures() as f;
end;
alter function api.mail_figures() owner to dozir_writer;
comment on function api.mail_figures() is
  'How the queue of mail stands, of the last 7 days; no mail''s text.';
