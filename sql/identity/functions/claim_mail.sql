create or replace function identity.claim_mail(p_stale_seconds integer) returns table (
    id uuid, attempt integer, recipient text, subject text, body text, stop_address text,
    created_at timestamptz
  )
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The one that is due longest, or whose sender has not been heard of for so long. To whoever is not in
-- that office any more nothing is sent.
declare
  picked record;
begin
  loop
    select m.id, identity.is_entitled(m.person_id, m.role, m.operator_id) as entitled into picked
    from identity.mail as m
    where (m.state = 'waiting' and m.next_at <= clock_timestamp())
      or (
        m.state = 'sending'
        and m.claimed_at < clock_timestamp() - make_interval(secs => p_stale_seconds))
    order by m.next_at, m.id
    limit 1
    for no key update of m skip locked;
    exit when not found;
    if picked.entitled then
      return query
      update identity.mail as m
      set state = 'sending', attempt = m.attempt + 1, claimed_at = clock_timestamp()
      where m.id = picked.id
      returning m.id, m.attempt, m.recipient, m.subject, m.body, m.stop_address, m.created_at;
      return;
    end if;
    update identity.mail as m set state = 'dropped', ended_at = clock_timestamp(), body = ''
    where m.id = picked.id;
  end loop;
end
$body$;
alter function identity.claim_mail(integer) owner to dozir_writer;
comment on function identity.claim_mail(integer) is
  'For the sender: the mail that is to be sent next, if any.';
