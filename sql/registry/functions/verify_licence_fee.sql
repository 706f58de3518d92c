create or replace function registry.verify_licence_fee(p_fee_id integer, p_source text) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Somebody other than who set a fee has compared its amount with the text of the act and says where that
-- text is. Raises DZR01, DZW01 (compared already, or set by the caller; DETAIL: which), DZW04 (no source).
declare
  fee registry.licence_fee;
  verifier constant text := coalesce(nullif(current_setting('dozir.actor', true), ''), session_user);
begin
  perform identity.check_permission('fee.verify');
  if coalesce(btrim(p_source), '') = '' then
    raise exception using errcode = 'DZW04', message = 'an amount is compared with a source';
  end if;
  select * into fee from registry.licence_fee as f where f.id = p_fee_id for update;
  if not found then
    raise exception using errcode = 'DZR01', message = 'no such fee';
  end if;
  if fee.verified_by is not null or fee.set_by = verifier then
    raise exception using errcode = 'DZW01', message = 'the fee is verified already, or the caller''s own',
      detail = jsonb_build_object(
        'state', case when fee.verified_by is null then 'own' else 'verified' end)::text;
  end if;
  update registry.licence_fee as f
  set source = btrim(p_source), verified_at = transaction_timestamp(), verified_by = verifier
  where f.id = p_fee_id;
  perform registry.enter_decision(null, 'licence_fee_verified', jsonb_build_object(
    'fee', fee.id, 'amount_minor', fee.amount_minor, 'currency', fee.currency,
    'source_sha256', registry.text_hash(btrim(p_source))));
end
$body$;
alter function registry.verify_licence_fee(integer, text) owner to dozir_writer;
comment on function registry.verify_licence_fee(integer, text) is
  'A second official has compared a fee with the act that sets it.';
