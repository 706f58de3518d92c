create or replace function identity.take_notices_to_mail() returns table (
    person_id integer, role text, operator_id integer, email text, language text, digest boolean,
    notices jsonb
  )
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- One person's next mail of notices: those that go at once, else the digest, if its hour has come. Taken
-- and mailed in one transaction, so that each is in one mail. What nobody can be sent (no confirmed
-- address, not in office any more) is not kept for later.
declare
  due record;
begin
  update identity.notice as n set by_mail = 'none'
  where n.by_mail <> 'none' and n.mailed_at is null
    and (
      not identity.is_entitled(n.person_id, n.role, n.operator_id)
      or not exists (
        select from identity.contact as c
        where c.person_id = n.person_id and c.confirmed_at is not null));
  for due in
    select c.person_id, c.email, c.language, c.next_digest_at <= transaction_timestamp() as digest
    from identity.contact as c
    where c.confirmed_at is not null
      and (
        c.next_digest_at <= transaction_timestamp()
        or exists (
          select from identity.notice as n
          where n.person_id = c.person_id and n.by_mail = 'at_once' and n.mailed_at is null))
    for no key update of c skip locked
  loop
    if due.digest then
      update identity.contact as c
      set next_digest_at = identity.next_delivery('day', 1, 1, c.digest_hour, transaction_timestamp())
      where c.person_id = due.person_id;
    end if;
    return query
    with taken as (
      update identity.notice as n set mailed_at = transaction_timestamp()
      where n.person_id = due.person_id and n.mailed_at is null
        and (n.by_mail = 'at_once' or (n.by_mail = 'digest' and due.digest))
      returning n.id, n.role, n.operator_id, n.kind, n.facts, n.target, n.parameters, n.created_at
    )
    select
      due.person_id, t.role, t.operator_id, due.email, due.language, due.digest,
      jsonb_agg(
        jsonb_build_object(
          'id', t.id, 'kind', t.kind, 'facts', t.facts, 'target', t.target,
          'parameters', t.parameters)
        order by t.id)
    from taken as t
    group by t.role, t.operator_id;
    if found then
      return;
    end if;
  end loop;
end
$body$;
alter function identity.take_notices_to_mail() owner to dozir_writer;
comment on function identity.take_notices_to_mail() is
  'For the runner: the notices that one person is to be mailed now, by role.';
