create or replace function identity.queue_mail(
  p_person integer, p_kind text, p_recipient text, p_subject text, p_body text, p_stop_address text
) returns uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- A person who asks for it, whose questions are at most 5 an hour (DZX07), or the portal itself.
declare
  queued uuid;
begin
  if registry.caller_role() is not null then
    if p_kind <> 'confirm' or p_person is distinct from registry.own_person() then
      raise exception using errcode = 'DZX02', message = 'people are asked for their address alone';
    end if;
    perform 1 from identity.person as p where p.id = p_person for no key update;
    if (
      select count(*) from identity.mail as m
      where m.person_id = p_person and m.kind = 'confirm'
        and m.created_at > transaction_timestamp() - interval '1 hour'
    ) >= 5 then
      raise exception using errcode = 'DZX07', message = 'five questions were sent within an hour';
    end if;
  end if;
  insert into identity.mail
    (person_id, role, operator_id, kind, recipient, subject, body, stop_address)
  select p.id, p.role, p.operator_id, p_kind, p_recipient, p_subject, p_body, p_stop_address
  from identity.person as p where p.id = p_person
  returning id into queued;
  return queued;
end
$body$;
alter function identity.queue_mail(integer, text, text, text, text, text) owner to dozir_writer;
comment on function identity.queue_mail(integer, text, text, text, text, text) is
  'Puts a mail to a person into the queue; its number.';
