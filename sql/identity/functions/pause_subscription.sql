create or replace function identity.pause_subscription(p_id bigint, p_paused boolean) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- What was due meanwhile is not made up for. False where the caller has no such subscription.
begin
  update identity.subscription as s
  set paused_at = case when p_paused then coalesce(s.paused_at, transaction_timestamp()) end,
    next_at = identity.next_delivery(
      s.every, s.at_weekday, s.at_month_day, s.at_hour, transaction_timestamp()),
    attempt = 0
  where s.id = p_id and s.person_id = registry.own_person() and s.role = registry.caller_role()
    and s.operator_id is not distinct from registry.own_operator() and s.stopped_at is null;
  return found;
end
$body$;
alter function identity.pause_subscription(bigint, boolean) owner to dozir_writer;
comment on function identity.pause_subscription(bigint, boolean) is
  'Lets a subscription of the caller''s rest, or go on.';
