create or replace function identity.end_delivery(
  p_id bigint, p_attempt integer, p_outcome text, p_facts jsonb, p_target text, p_parameters jsonb,
  p_mail uuid
) returns bigint
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Writes the log, tells the person, and sets the next moment: after now, so that what was missed while
-- nothing ran comes once. Null: paused, stopped or changed meanwhile, or another runner has taken over.
declare
  own record;
  told bigint;
  logged bigint;
begin
  select s.person_id, s.role, s.operator_id, s.next_at, s.every, s.at_weekday, s.at_month_day, s.at_hour
  into own
  from identity.subscription as s
  where s.id = p_id and s.attempt = p_attempt and s.stopped_at is null and s.paused_at is null
  for no key update;
  if not found then
    return null;
  end if;
  if p_outcome = 'delivered' then
    insert into identity.notice as n
      (person_id, role, operator_id, kind, subject, facts, target, parameters)
    values (
      own.person_id, own.role, own.operator_id, 'subscription',
      format('%s:%s', p_id, ledger.rfc3339(own.next_at)), p_facts, p_target, p_parameters)
    on conflict (person_id, kind, subject) do nothing
    returning n.id into told;
  end if;
  insert into identity.delivery
    (subscription_id, person_id, role, operator_id, due_at, outcome, notice_id, mail_id)
  values (p_id, own.person_id, own.role, own.operator_id, own.next_at, p_outcome, told, p_mail)
  on conflict (subscription_id, due_at) do nothing
  returning id into logged;
  update identity.subscription as s
  set attempt = 0, claimed_at = null,
    next_at = identity.next_delivery(
      own.every, own.at_weekday, own.at_month_day, own.at_hour,
      greatest(own.next_at, transaction_timestamp()))
  where s.id = p_id;
  return logged;
end
$body$;
alter function identity.end_delivery(bigint, integer, text, jsonb, text, jsonb, uuid)
  owner to dozir_writer;
comment on function identity.end_delivery(bigint, integer, text, jsonb, text, jsonb, uuid) is
  'For the runner: a subscription was delivered, or why not; its number in the log.';
