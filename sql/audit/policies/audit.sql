-- What was exported is seen by who took it and by the auditor; files by who asked for them.
do $policies$
declare
  target text;
  stale text;
begin
  foreach target in array array[
    'export', 'export_job', 'event', 'event_kind', 'reason_kind', 'seal', 'sealed_event', 'excess'
  ] loop
    execute format(
      'alter table audit.%I enable row level security, no force row level security', target);
    -- Whatever policy stands there goes first, one made by hand included.
    for stale in
      select p.polname from pg_catalog.pg_policy as p
      where p.polrelid = format('audit.%I', target)::regclass
    loop
      execute format('drop policy %I on audit.%I', stale, target);
    end loop;
    execute format(
      'create policy "the writer does what its functions do" on audit.%I '
      'for all to dozir_writer using (true) with check (true)', target);
  end loop;
  foreach target in array array['export', 'export_job', 'event'] loop
    -- An operator's people see of the trail what their operator is told, which is one index to go along.
    execute format(
      'create policy "everybody sees their own" on audit.%I for select '
      'to %s regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator using ('
      'person_id = (select nullif(current_setting(''dozir.person_id'', true), '''')::integer))', target,
      case when target = 'event' then '' else '"operator",' end);
  end loop;
  foreach target in array array['event_kind', 'reason_kind'] loop
    execute format(
      'create policy "words are everybody''s" on audit.%I for select '
      'to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, '
      'administrator, dozir_readonly using (true)', target);
  end loop;
  create policy "an operator sees what its people took" on audit.export for select to "operator"
    using (operator_id = (select nullif(current_setting('dozir.operator_id', true), '')::integer));
  create policy "the auditor sees who took what" on audit.export for select to auditor using (true);
  create policy "an operator sees what it is told" on audit.event for select to "operator"
    using (
      told and concerns = (select nullif(current_setting('dozir.operator_id', true), '')::integer));
  create policy "the auditor follows the trail" on audit.event for select to auditor using (true);
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
      (
        'everybody sees their own',
        'Whoever took an export, or asked for a file, sees that and nobody else''s.'),
      (
        'an operator sees what its people took',
        'An operator answers for what its people take away.'),
      ('words are everybody''s', 'What kinds there are is no secret.'),
      (
        'an operator sees what it is told',
        'Who looked at an operator''s records, and what was done to them.'),
      ('the auditor follows the trail', 'The auditor sees whatever anybody saw or did.'),
      (
        'the auditor sees who took what',
        'The trail of exports is the auditor''s to follow.')
    ) as w (name, words) on p.polname = w.name
    where c.relnamespace = 'audit'::regnamespace
  loop
    execute 'comment on ' || stale;
  end loop;
end
$policies$;
