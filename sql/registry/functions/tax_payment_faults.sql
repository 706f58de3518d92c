create or replace function registry.tax_payment_faults(p_rows jsonb) returns jsonb
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- What is wrong with payments that are to be recorded: [{row, attribute, code}], row being the place in
-- the list. A taxpayer is named by its code, a month by its first day.
begin
  return (
    with given as (
      select
        r.place, r.one ->> 'taxpayer' as taxpayer, r.one ->> 'kind' as kind,
        (r.one ->> 'month')::date as month, (r.one ->> 'paid_on')::date as paid_on,
        (r.one ->> 'amount_minor')::bigint as amount, r.one ->> 'document' as document, o.id as payer,
        statement_timestamp() at time zone 'Europe/Kyiv' as now
      from jsonb_array_elements(p_rows) with ordinality as r (one, place)
      left join registry.operator as o on o.taxpayer_code = r.one ->> 'taxpayer'
    )
    select coalesce(jsonb_agg(
      jsonb_build_object('row', g.place, 'attribute', e.attribute, 'code', e.code) order by g.place), '[]')
    from given as g
    cross join lateral (values
      ('taxpayer', 'unknown', g.payer is null),
      ('kind', 'choice', g.kind is null or g.kind not in ('ggr_tax', 'pit', 'military_levy')),
      ('month', 'required', g.month is null),
      ('month', 'moment', g.month < '2020-01-01' or g.month > g.now),
      ('paid_on', 'required', g.paid_on is null),
      ('paid_on', 'moment', g.paid_on < '2020-01-01' or g.paid_on > g.now),
      ('amount', 'range', coalesce(g.amount not between 1 and 100000000000000000, true)),
      ('document', 'required', coalesce(btrim(g.document), '') = ''),
      ('document', 'too_long', length(g.document) > 60),
      (
        'document', 'twice',
        exists (
          select from given as x
          where x.place < g.place and x.payer = g.payer and x.document = g.document
            and x.paid_on = g.paid_on)
        or exists (
          select from registry.tax_payment as t
          where t.operator_id = g.payer and t.document = g.document and t.paid_on = g.paid_on
            and t.recorded_until = 'infinity'))
    ) as e (attribute, code, wrong)
    where e.wrong
  );
end
$body$;
alter function registry.tax_payment_faults(jsonb) owner to dozir_writer;
comment on function registry.tax_payment_faults(jsonb) is
  'What is wrong with payments of taxes that are to be recorded.';
