create or replace function api.take_back_tax_payment(p_payment_id bigint, p_reason text) returns void
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Takes back a payment that was recorded by mistake: it stays, and counts no more. Raises DZR01 (no such
-- payment), DZR02 (nobody in person), DZR03 (a reason, of 2000 characters at most), DZW01 (taken back
-- already).
declare
  there registry.tax_payment;
  why constant text := btrim(p_reason);
begin
  perform identity.check_permission('tax_payment.record');
  if registry.own_person() is null then
    raise exception using errcode = 'DZR02', message = 'a person takes back, by name';
  elsif coalesce(why, '') = '' or length(why) > 2000 then
    raise exception using errcode = 'DZR03', message = 'a reason';
  end if;
  select * into there from registry.tax_payment as t where t.id = p_payment_id for update;
  if not found then
    raise exception using errcode = 'DZR01', message = 'no such payment';
  elsif there.recorded_until < 'infinity' then
    raise exception using errcode = 'DZW01', message = 'it is taken back already';
  end if;
  update registry.tax_payment as t
  set recorded_until = transaction_timestamp(), taken_back_reason = why,
    taken_back_by = coalesce(nullif(current_setting('dozir.actor', true), ''), session_user)
  where t.id = p_payment_id;
  perform registry.enter_decision(there.operator_id, 'tax_payment_taken_back', jsonb_build_object(
    'payment', there.id, 'reason_sha256', registry.text_hash(why)));
end
$body$;
alter function api.take_back_tax_payment(bigint, text) owner to dozir_writer;
comment on function api.take_back_tax_payment(bigint, text) is
  'Takes back a payment that was recorded by mistake; it stays, and counts no more.';
