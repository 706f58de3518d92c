-- Row-level security of the registry. Reference tables hold nothing to keep from anyone.
do $policies$
declare
  target text;
  stale text;
  own_row constant text := '(select nullif(current_setting(''dozir.operator_id'', true), '''')::integer)';
  owner_column text;
begin
  foreach target in array array[
    'gambling_type', 'currency', 'operator', 'operator_version', 'licence', 'licence_suspension',
    'channel', 'venue', 'website', 'mobile_application', 'equipment', 'game', 'access_key',
    'key_limit', 'key_allowance', 'history', 'licence_kind', 'licence_fee', 'brand', 'representative',
    'equipment_place', 'equipment_block', 'record_kind', 'attribute', 'choice', 'workflow_state',
    'workflow_transition', 'entry', 'entry_document', 'entry_count', 'operator_count', 'tax_class',
    'tax_class_type', 'tax_rate', 'supplier', 'product', 'certificate', 'blocked_site', 'provider',
    'connection_deadline', 'cash_limit'
  ] loop
    execute format(
      'alter table registry.%I enable row level security, no force row level security', target);
    -- Whatever policy stands there goes first, one made by hand included.
    for stale in
      select p.polname from pg_catalog.pg_policy as p
      where p.polrelid = format('registry.%I', target)::regclass
    loop
      execute format('drop policy %I on registry.%I', stale, target);
    end loop;
    execute format(
      'create policy "the writer does what its functions do" on registry.%I '
      'for all to dozir_writer using (true) with check (true)', target);
    if target in (
      'gambling_type', 'currency', 'key_limit', 'licence_kind', 'licence_fee', 'record_kind', 'attribute',
      'choice', 'workflow_state', 'workflow_transition', 'tax_class', 'tax_class_type', 'tax_rate',
      'connection_deadline', 'cash_limit'
    ) then
      execute format(
        'create policy "everyone sees the reference data" on registry.%I for select '
        'to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, '
        'dozir_readonly using (true)', target);
    else
      execute format(
        'create policy "officials see every record" on registry.%I for select '
        'to regulator, tax_service, registrar, auditor, financial_monitoring, fairness, dozir_readonly '
        'using (true)', target);
      owner_column := case target when 'operator' then 'id' else 'operator_id' end;
      execute format(
        'create policy "an operator sees its own records" on registry.%I for select '
        'to "operator" using (%I = %s)', target, owner_column, own_row);
    end if;
  end loop;
  -- What is nobody's is for all who look at registers: suppliers, their products and certificates.
  foreach target in array array['entry', 'entry_document', 'entry_count', 'certificate'] loop
    execute format(
      'create policy "everyone sees what is nobody''s" on registry.%I for select to "operator" '
      'using (operator_id = 0)', target);
  end loop;
  -- Changes: their operator's, or their applicant's while there is no operator yet. A step of a change
  -- is seen by whoever sees the change.
  foreach target in array array['change', 'change_event', 'change_row'] loop
    execute format(
      'alter table registry.%I enable row level security, no force row level security', target);
    for stale in
      select p.polname from pg_catalog.pg_policy as p
      where p.polrelid = format('registry.%I', target)::regclass
    loop
      execute format('drop policy %I on registry.%I', stale, target);
    end loop;
    execute format(
      'create policy "the writer does what its functions do" on registry.%I '
      'for all to dozir_writer using (true) with check (true)', target);
    execute format(
      'create policy "officials see every record" on registry.%I for select '
      'to regulator, registrar, auditor using (%s)', target, case target
        when 'change' then 'state <> ''draft'' or begun_by <> ''operator'''
        else 'exists (select from registry.change as c where c.id = change_id)' end);
  end loop;
  execute format(
    'create policy "an operator sees its own records" on registry.change for select '
    'to "operator" using ((state <> ''draft'' or begun_by = ''operator'') and (operator_id = %s '
    'or operator_id is null and person_id = '
    '(select nullif(current_setting(''dozir.person_id'', true), '''')::integer)))', own_row);
  execute
    'create policy "an operator sees its own records" on registry.change_row for select '
    'to "operator" using (exists (select from registry.change as c where c.id = change_id))';
  -- Who of the officials gives a change to whom, and with which word, is their own affair.
  execute
    'create policy "an operator sees its own records" on registry.change_event for select '
    'to "operator" using (action <> ''give'' '
    'and exists (select from registry.change as c where c.id = change_id))';
  -- What is proposed of rates is not yet anybody's business but of those who decide and those who watch.
  alter table registry.tax_rate_change enable row level security, no force row level security;
  for stale in
    select p.polname from pg_catalog.pg_policy as p
    where p.polrelid = 'registry.tax_rate_change'::regclass
  loop
    execute format('drop policy %I on registry.tax_rate_change', stale);
  end loop;
  create policy "the writer does what its functions do" on registry.tax_rate_change
  for all to dozir_writer using (true) with check (true);
  create policy "officials see every record" on registry.tax_rate_change for select
  to regulator, tax_service, auditor using (true);
  -- What an organiser paid is its own affair, and that of those who collect and watch.
  alter table registry.tax_payment enable row level security, no force row level security;
  for stale in
    select p.polname from pg_catalog.pg_policy as p where p.polrelid = 'registry.tax_payment'::regclass
  loop
    execute format('drop policy %I on registry.tax_payment', stale);
  end loop;
  create policy "the writer does what its functions do" on registry.tax_payment
  for all to dozir_writer using (true) with check (true);
  create policy "officials see every record" on registry.tax_payment for select
  to regulator, tax_service, auditor, dozir_readonly using (true);
  execute format(
    'create policy "an operator sees its own records" on registry.tax_payment for select '
    'to "operator" using (operator_id = %s)', own_row);
  -- History has whole rows: of representatives the tax service sees none.
  execute
    'create policy "but no representative as a person" on registry.history as restrictive for select '
    'to tax_service, financial_monitoring, fairness using (table_name <> ''representative'')';
  -- Who may see no keys is told of none, by the register, its counts, its history or the catalogue. From
  -- people the views api.entry and api.entry_document keep them, which lets their searches use indexes.
  foreach target in array array[
    'entry', 'entry_document', 'entry_count', 'operator_count', 'record_kind', 'history'
  ] loop
    execute format(
      'create policy "but no access keys" on registry.%I as restrictive for select to %s using (%I <> ''access_key'')',
      target,
      case when target not in ('entry', 'entry_document') then 'tax_service, financial_monitoring, fairness, ' else '' end
        || 'dozir_readonly',
      case target when 'history' then 'table_name' else 'kind' end);
  end loop;
  -- Who sees no changes is told no number of them either.
  execute
    'create policy "but no number of changes" on registry.operator_count as restrictive for select '
    'to tax_service, financial_monitoring, fairness, dozir_readonly using (kind <> ''change'')';
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
      ('officials see every record', 'Officials and DBAs are not bound to an operator.'),
      (
        'an operator sees its own records',
        'Rows of the operator that dozir.operator_id names; none where it is not set.'),
      (
        'but no representative as a person',
        'History holds whole rows; these officials need no number, address or telephone of a person.'),
      (
        'but no access keys',
        'Keys are for their operators and for whoever keeps or watches the registers.'),
      (
        'but no number of changes',
        'Whoever sees no changes is not told how many there are.'),
      ('everyone sees what is nobody''s', 'Of which no operator is the owner, all may know.'),
      ('everyone sees the reference data', 'Reference data hold nothing to keep from anyone.')
    ) as w (name, words) on p.polname = w.name
    where c.relnamespace = 'registry'::regnamespace
  loop
    execute 'comment on ' || stale;
  end loop;
end
$policies$;
