-- The catalogue of reports: a role finds the reports that it may read; what figures are is for all.
do $policies$
declare
  target text;
  stale text;
begin
  foreach target in array array[
    'report', 'measure', 'dimension', 'report_measure', 'report_dimension', 'amount_band'
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
    if target <> 'report' then
      execute format(
        'create policy "definitions are for all readers" on report.%I for select '
        'to "operator", regulator, tax_service, auditor, financial_monitoring, fairness, '
        'dozir_readonly using (true)', target);
    end if;
    if target = 'amount_band' then
      create policy "the writer counts by bands" on report.amount_band for select to dozir_writer using (true);
    end if;
  end loop;
  create policy "a role finds its reports" on report.report for select
    to "operator", regulator, tax_service, auditor, financial_monitoring, fairness
    using (current_user::text = any (readers));
  create policy "definitions are for all readers" on report.report for select
    to dozir_readonly using (true);
  -- What each is for.
  for stale in
    select format('policy %I on %s is %L', p.polname, p.polrelid::regclass, w.words)
    from pg_catalog.pg_policy as p
    join pg_catalog.pg_class as c on p.polrelid = c.oid
    join (values
      ('definitions are for all readers', 'What a figure or a grouping is holds for everyone.'),
      ('the writer counts by bands', 'dozir_writer owns the function that counts days by amount.'),
      ('a role finds its reports', 'The catalogue names the readers of each report.')
    ) as w (name, words) on p.polname = w.name
    where c.relnamespace = 'report'::regnamespace
  loop
    execute 'comment on ' || stale;
  end loop;
end
$policies$;
