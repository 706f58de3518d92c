create or replace function api.end_mail(
  p_id uuid, p_attempt integer, p_outcome text, p_reply_code integer
) returns text
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select identity.end_mail(p_id, p_attempt, p_outcome, p_reply_code);
end;
alter function api.end_mail(uuid, integer, text, integer) owner to dozir_writer;
comment on function api.end_mail(uuid, integer, text, integer) is
  'For the sender: what the mail server said to a mail; the state that it is in now.';
