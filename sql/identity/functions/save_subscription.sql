create or replace function identity.save_subscription(
  p_id bigint, p_name text, p_target text, p_parameters jsonb, p_every text, p_weekday integer,
  p_month_day integer, p_hour integer, p_language text, p_by_mail boolean
) returns bigint
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- A new one, or with p_id the schedule of one that is there; null where the caller has none such. At
-- most 50 that are not stopped. Raises DZX02, DZX06.
declare
  own constant integer := registry.own_person();
  saved bigint;
  due constant timestamptz :=
    identity.next_delivery(p_every, p_weekday, p_month_day, p_hour, transaction_timestamp());
begin
  if registry.caller_role() is null or own is null then
    raise exception using errcode = 'DZX02', message = 'a subscription is made by a person in a role';
  end if;
  if p_id is not null then
    update identity.subscription as s
    set name = btrim(p_name), parameters = coalesce(p_parameters, s.parameters), every = p_every,
      at_weekday = p_weekday, at_month_day = p_month_day, at_hour = p_hour,
      language = p_language, by_mail = p_by_mail, next_at = due, attempt = 0
    where s.id = p_id and s.person_id = own and s.role = registry.caller_role()
      and s.operator_id is not distinct from registry.own_operator() and s.stopped_at is null
    returning s.id into saved;
    return saved;
  end if;
  perform 1 from identity.person as p where p.id = own for no key update;
  if (
    select count(*) from identity.subscription as s where s.person_id = own and s.stopped_at is null
  ) >= 50 then
    raise exception using errcode = 'DZX06', message = 'there are fifty subscriptions already';
  end if;
  insert into identity.subscription (
    person_id, role, operator_id, name, target, parameters, every, at_weekday, at_month_day, at_hour,
    language, by_mail, next_at
  ) values (
    own, registry.caller_role(), registry.own_operator(), btrim(p_name), p_target, p_parameters, p_every,
    p_weekday, p_month_day, p_hour, p_language, p_by_mail, due
  ) returning id into saved;
  return saved;
end
$body$;
alter function identity.save_subscription(
  bigint, text, text, jsonb, text, integer, integer, integer, text, boolean) owner to dozir_writer;
comment on function identity.save_subscription(
  bigint, text, text, jsonb, text, integer, integer, integer, text, boolean) is
  'Sends the caller a page on a schedule, or changes that schedule.';
