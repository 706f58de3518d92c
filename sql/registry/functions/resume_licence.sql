create or replace function registry.resume_licence(p_licence_id integer, p_grounds text) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Ends what suspends a licence now. Raises DZR01, DZW01, DZW04.
declare
  owner_id integer;
begin
  owner_id := registry.lock_licence(p_licence_id, 'resume', p_grounds);
  perform set_config('dozir.reason', p_grounds, true);
  update registry.licence_suspension as s
  set suspended_until = greatest(transaction_timestamp(), s.suspended_from + interval '1 microsecond')
  where s.licence_id = p_licence_id and s.suspended_from <= transaction_timestamp()
    and s.suspended_until > transaction_timestamp() and s.withdrawn_at is null;
  perform set_config('dozir.reason', '', true);
  perform registry.enter_decision(owner_id, 'licence_resumed', jsonb_build_object(
    'licence', p_licence_id, 'grounds_sha256', registry.text_hash(btrim(p_grounds))));
end
$body$;
alter function registry.resume_licence(integer, text) owner to dozir_writer;
comment on function registry.resume_licence(integer, text) is 'Ends the suspension of a licence.';
