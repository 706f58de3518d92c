create or replace function identity.mail_figures()
  returns table (waiting bigint, oldest_at timestamptz, given_up bigint, last_sent_at timestamptz)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  return query
  select
    count(*) filter (where m.state in ('waiting', 'sending')),
    min(m.created_at) filter (where m.state in ('waiting', 'sending')),
    count(*) filter (where m.state in ('gave_up', 'refused')), max(m.ended_at) filter (where m.state = 'sent')
  from identity.mail as m where m.created_at > transaction_timestamp() - interval '7 days';
end
$body$;
alter function identity.mail_figures() owner to dozir_writer;
comment on function identity.mail_figures() is
  'How the queue of mail stands, of the last 7 days; no mail''s text.';
