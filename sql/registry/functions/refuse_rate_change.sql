create or replace function registry.refuse_rate_change() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $body$
-- Of a rate only its end in the records is written, once; of a payment that it is taken back; of a
-- proposal only its decision, once.
declare
  written constant text[] := case tg_table_name
    when 'tax_rate' then array['recorded_until']
    when 'tax_payment' then array['recorded_until', 'taken_back_by', 'taken_back_reason']
    else array['state', 'decided_at', 'decided_by', 'decided_person', 'decision_reason']
  end;
  open_still constant boolean := case tg_table_name
    when 'tax_rate_change' then to_jsonb(old) ->> 'state' = 'proposed'
    else to_jsonb(old) ->> 'recorded_until' = 'infinity'
  end;
begin
  if not open_still or to_jsonb(new) - written is distinct from to_jsonb(old) - written then
    raise exception using
      errcode = 'DZA03',
      message = format('%I.%I: what was recorded cannot change', tg_table_schema, tg_table_name);
  end if;
  return new;
end
$body$;
comment on function registry.refuse_rate_change() is
  'Row trigger: a rate of tax, a payment and a proposal stay as they were recorded.';
