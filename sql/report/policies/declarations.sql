-- Row-level security of what operators declare. Reference data hold nothing to keep from anyone.
do $policies$
declare
  target text;
  stale text;
  own_row constant text := '(select nullif(current_setting(''dozir.operator_id'', true), '''')::integer)';
begin
  foreach target in array array[
    'declaration_deadline', 'settlement_rule', 'declared_day', 'declared_days', 'declared_month'
  ] loop
    execute format(
      'alter table report.%I enable row level security, no force row level security', target);
    -- Whatever policy stands there goes first, one made by hand included.
    for stale in
      select p.polname from pg_catalog.pg_policy as p
      where p.polrelid = format('report.%I', target)::regclass
    loop
      execute format('drop policy %I on report.%I', stale, target);
    end loop;
    execute format(
      'create policy "the writer does what its functions do" on report.%I '
      'for all to dozir_writer using (true) with check (true)', target);
    if target in ('declaration_deadline', 'settlement_rule') then
      execute format(
        'create policy "everyone sees the reference data" on report.%I for select '
        'to "operator", regulator, tax_service, auditor, dozir_readonly using (true)', target);
    else
      execute format(
        'create policy "officials see every declaration" on report.%I for select '
        'to regulator, tax_service, auditor, dozir_readonly using (true)', target);
      if target in ('declared_day', 'declared_days') then
        execute format(
          'create policy "cash flow is compared with what was declared" on report.%I for select '
          'to financial_monitoring using (true)', target);
      end if;
      execute format(
        'create policy "an operator sees its own declarations" on report.%I for select '
        'to "operator" using (operator_id = %s)', target, own_row);
    end if;
  end loop;
  -- What each is for.
  for stale in
    select
      format('policy %I on %s is %L', p.polname, p.polrelid::regclass, w.words)
    from pg_catalog.pg_policy as p
    join pg_catalog.pg_class as c on p.polrelid = c.oid
    join (values
      (
        'the writer does what its functions do',
        'dozir_writer owns the definer functions; what they may is granted table by table.'),
      ('everyone sees the reference data', 'Reference data hold nothing to keep from anyone.'),
      ('officials see every declaration', 'Officials and DBAs are not bound to an operator.'),
      (
        'cash flow is compared with what was declared',
        'Report R10 stands beside the balances that operators declare.'),
      (
        'an operator sees its own declarations',
        'Rows of the operator that dozir.operator_id names; none where it is not set.')
    ) as w (name, words) on p.polname = w.name
    where c.relnamespace = 'report'::regnamespace
  loop
    execute 'comment on ' || stale;
  end loop;
end
$policies$;
