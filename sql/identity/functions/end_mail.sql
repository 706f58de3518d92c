create or replace function identity.end_mail(
  p_id uuid, p_attempt integer, p_outcome text, p_reply_code integer
) returns text
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- What cannot be sent now is tried again after 1, 5, 15 minutes, 1, 4, 12 and 24 hours, then given up.
-- Its state now; null where another sender has taken over.
declare
  pauses constant interval[] := array[
    interval '1 minute', interval '5 minutes', interval '15 minutes', interval '1 hour',
    interval '4 hours', interval '12 hours', interval '24 hours'];
  now_is text;
begin
  update identity.mail as m
  set state = case
      when p_outcome in ('sent', 'refused') then p_outcome
      when m.attempt > cardinality(pauses) then 'gave_up'
      else 'waiting' end,
    next_at = clock_timestamp()
    + pauses[least(m.attempt, cardinality(pauses))] * (0.9 + 0.2 * random()),
    ended_at = case
      when p_outcome in ('sent', 'refused') or m.attempt > cardinality(pauses)
        then clock_timestamp() end,
    body = case
      when p_outcome in ('sent', 'refused') or m.attempt > cardinality(pauses) then '' else m.body end
  where m.id = p_id and m.attempt = p_attempt and m.state = 'sending'
  returning m.state into now_is;
  if now_is is not null then
    insert into identity.mail_attempt (mail_id, attempt, outcome, reply_code)
    values (p_id, p_attempt, p_outcome, p_reply_code);
  end if;
  return now_is;
end
$body$;
alter function identity.end_mail(uuid, integer, text, integer) owner to dozir_writer;
comment on function identity.end_mail(uuid, integer, text, integer) is
  'For the sender: what the mail server said to a mail; the state that it is in now.';
