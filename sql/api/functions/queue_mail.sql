create or replace function api.queue_mail(
  p_person integer, p_kind text, p_recipient text, p_subject text, p_body text, p_stop_address text
) returns uuid
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select identity.queue_mail(p_person, p_kind, p_recipient, p_subject, p_body, p_stop_address);
end;
alter function api.queue_mail(integer, text, text, text, text, text) owner to dozir_writer;
comment on function api.queue_mail(integer, text, text, text, text, text) is
  'Puts a mail to a person into the queue; its number.';
