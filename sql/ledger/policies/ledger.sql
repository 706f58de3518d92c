-- Row-level security of the ledger. A registrar keeps registers and sees no transactions.
do $policies$
declare
  target text;
  own_row constant text := '(select nullif(current_setting(''dozir.operator_id'', true), '''')::integer)';
begin
  foreach target in array array[
    'transaction', 'batch', 'operator_head', 'cancellation', 'refusal', 'archive'
  ] loop
    execute format('alter table ledger.%I enable row level security', target);
    execute format('drop policy if exists "officials see every record" on ledger.%I', target);
    execute format('drop policy if exists "an operator sees its own records" on ledger.%I', target);
    execute format('drop policy if exists "the writer does what its functions do" on ledger.%I', target);
    execute format(
      'create policy "the writer does what its functions do" on ledger.%I '
      'for all to dozir_writer using (true) with check (true)', target);
    execute format(
      'create policy "officials see every record" on ledger.%I for select '
      'to regulator, tax_service, auditor, dozir_readonly using (true)', target);
    if target <> 'archive' then
      execute format(
        'create policy "an operator sees its own records" on ledger.%I for select '
        'to "operator" using (operator_id = %s)', target, own_row);
    end if;
  end loop;
end
$policies$;
