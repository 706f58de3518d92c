create or replace function api.record_tax_payments(p_rows jsonb) returns bigint[]
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Records taxes that were paid, all of them or none: a list of {taxpayer, kind, month, paid_on,
-- amount_minor, document}, a thousand at most. Each enters the log. Returns their numbers.
-- Raises DZR02 where nobody in person records, DZR03 with the errors by row, DZR04 for no such list.
declare
  faults jsonb;
  made bigint[] := array[]::bigint[];
  one record;
begin
  perform identity.check_permission('tax_payment.record');
  if registry.own_person() is null then
    raise exception using errcode = 'DZR02', message = 'a person records, by name';
  elsif jsonb_typeof(p_rows) is distinct from 'array' or jsonb_array_length(p_rows) not between 1 and 1000
  then
    raise exception using errcode = 'DZR04', message = 'a list of 1 to 1000 payments';
  end if;
  -- One list at a time: each sees what the one before recorded.
  perform pg_advisory_xact_lock(hashtextextended('tax_payment', 7));
  faults := registry.tax_payment_faults(p_rows);
  if faults <> '[]' then
    raise exception using errcode = 'DZR03', message = 'payments have errors', detail = faults::text;
  end if;
  for one in
    insert into registry.tax_payment (
      operator_id, kind, month, paid_on, amount_minor, document, recorded_by
    )
    select
      o.id, r.one ->> 'kind', date_trunc('month', (r.one ->> 'month')::timestamp)::date,
      (r.one ->> 'paid_on')::date, (r.one ->> 'amount_minor')::bigint, btrim(r.one ->> 'document'),
      coalesce(nullif(current_setting('dozir.actor', true), ''), session_user)
    from jsonb_array_elements(p_rows) with ordinality as r (one, place)
    join registry.operator as o on o.taxpayer_code = r.one ->> 'taxpayer'
    order by r.place
    returning *
  loop
    made := made || one.id;
    perform registry.enter_decision(one.operator_id, 'tax_payment_recorded', jsonb_build_object(
      'payment', one.id, 'tax', one.kind, 'month', to_char(one.month, 'YYYY-MM'), 'paid_on', one.paid_on,
      'amount', ledger.decimal_string(one.amount_minor, 2::smallint),
      'document_sha256', registry.text_hash(one.document)));
  end loop;
  return made;
end
$body$;
alter function api.record_tax_payments(jsonb) owner to dozir_writer;
comment on function api.record_tax_payments(jsonb) is 'Records taxes that were paid, all of a list or none.';
