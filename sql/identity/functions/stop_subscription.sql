create or replace function identity.stop_subscription(p_id bigint) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- For good. The portal itself, which names no person, may stop any: it has checked a link's signature.
begin
  update identity.subscription as s set stopped_at = coalesce(s.stopped_at, transaction_timestamp())
  where s.id = p_id
    and (
      registry.caller_role() is null
      or (s.person_id = registry.own_person() and s.role = registry.caller_role()
        and s.operator_id is not distinct from registry.own_operator()));
  return found;
end
$body$;
alter function identity.stop_subscription(bigint) owner to dozir_writer;
comment on function identity.stop_subscription(bigint) is
  'Ends a subscription: the caller''s, or for a signed link anybody''s.';
