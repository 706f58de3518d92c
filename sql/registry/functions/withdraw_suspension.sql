create or replace function registry.withdraw_suspension(p_suspension_id integer, p_grounds text)
  returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Takes back a suspension that has not begun: it never held, and its row stays to say so. Raises DZR01,
-- DZW01 (the licence's state does not allow it, or it has begun or was taken back already), DZW04.
declare
  planned registry.licence_suspension;
  owner_id integer;
begin
  select * into planned from registry.licence_suspension as s where s.id = p_suspension_id;
  if not found then
    raise exception using errcode = 'DZR01', message = 'no such suspension';
  end if;
  owner_id := registry.lock_licence(planned.licence_id, 'withdraw', p_grounds);
  perform set_config('dozir.reason', p_grounds, true);
  -- By the clock: the lock may have been waited for, and ingest judges by what time it is.
  update registry.licence_suspension as s
  set withdrawn_at = transaction_timestamp(), withdrawal_grounds = btrim(p_grounds)
  where s.id = p_suspension_id and s.withdrawn_at is null and s.suspended_from > clock_timestamp();
  if not found then
    raise exception using errcode = 'DZW01', message = 'it has begun, or is taken back already';
  end if;
  perform set_config('dozir.reason', '', true);
  perform registry.enter_decision(owner_id, 'suspension_withdrawn', jsonb_build_object(
    'licence', planned.licence_id, 'suspension', planned.id,
    'grounds_sha256', registry.text_hash(btrim(p_grounds))));
end
$body$;
alter function registry.withdraw_suspension(integer, text) owner to dozir_writer;
comment on function registry.withdraw_suspension(integer, text) is
  'Takes back a suspension of a licence before it begins.';
