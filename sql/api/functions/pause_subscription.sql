create or replace function api.pause_subscription(p_id bigint, p_paused boolean) returns boolean
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select identity.pause_subscription(p_id, p_paused);
end;
alter function api.pause_subscription(bigint, boolean) owner to dozir_writer;
comment on function api.pause_subscription(bigint, boolean) is
  'Lets a subscription of the caller''s rest, or go on.';
