create or replace function api.stop_subscription(p_id bigint) returns boolean
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select identity.stop_subscription(p_id);
end;
alter function api.stop_subscription(bigint) owner to dozir_writer;
comment on function api.stop_subscription(bigint) is
  'Ends a subscription: the caller''s, or for a signed link anybody''s.';
