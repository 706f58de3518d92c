create or replace function identity.claim_subscription(p_stale_seconds integer) returns table (
    id bigint, attempt integer, person_id integer, role text, operator_id integer, name_uk text,
    name_en text, organisation_uk text, organisation_en text, name text, target text, parameters jsonb,
    every text, language text, by_mail boolean, email text, due_at timestamptz
  )
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The one that is due longest, or whose runner has not been heard of for so long. It is made with the
-- rights that the person has now: whoever left or changed office since gets nothing, and the log says
-- so. Three runners that died of the same one are enough for this time.
declare
  picked record;
begin
  loop
    select
      s.id, s.attempt, identity.is_entitled(s.person_id, s.role, s.operator_id) as entitled
    into picked
    from identity.subscription as s
    where s.stopped_at is null and s.paused_at is null and s.next_at <= transaction_timestamp()
      and (
        s.claimed_at is null
        or s.claimed_at < clock_timestamp() - make_interval(secs => p_stale_seconds))
    order by s.next_at, s.id
    limit 1
    for no key update of s skip locked;
    exit when not found;
    if picked.entitled and picked.attempt < 3 then
      return query
      update identity.subscription as s
      set attempt = s.attempt + 1, claimed_at = clock_timestamp()
      from identity.person as p
      left join identity.contact as c on c.person_id = p.id and c.confirmed_at is not null
      where s.id = picked.id and p.id = s.person_id
      returning
        s.id, s.attempt, s.person_id, s.role, s.operator_id, p.name_uk, p.name_en,
        p.organisation_uk, p.organisation_en, s.name, s.target, s.parameters, s.every, s.language,
        s.by_mail, c.email, s.next_at;
      return;
    end if;
    perform identity.end_delivery(
      picked.id, picked.attempt, case when picked.entitled then 'gave_up' else 'no_rights' end,
      null, null, null, null);
  end loop;
end
$body$;
alter function identity.claim_subscription(integer) owner to dozir_writer;
comment on function identity.claim_subscription(integer) is
  'For the runner: the subscription that is to be delivered next, if any.';
