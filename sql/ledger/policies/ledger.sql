-- Row-level security of the ledger. A registrar keeps registers and sees no transactions.
do $policies$
declare
  target text;
  stale text;
  own_row constant text := '(select nullif(current_setting(''dozir.operator_id'', true), '''')::integer)';
begin
  foreach target in array array[
    'transaction', 'batch', 'operator_head', 'cancellation', 'refusal', 'archive', 'log', 'entry',
    'unsequenced', 'leaf', 'earlier_batch', 'restored_batch', 'checkpoint', 'cosignature',
    'timestamp_token', 'log_key', 'verification', 'trust_policy', 'quorum', 'archived_day',
    'dropped_day', 'dropped_leaf'
  ] loop
    execute format(
      'alter table ledger.%I enable row level security, no force row level security', target);
    -- Whatever policy stands there goes first, one made by hand included.
    for stale in
      select p.polname from pg_catalog.pg_policy as p
      where p.polrelid = format('ledger.%I', target)::regclass
    loop
      execute format('drop policy %I on ledger.%I', stale, target);
    end loop;
    execute format(
      'create policy "the writer does what its functions do" on ledger.%I '
      'for all to dozir_writer using (true) with check (true)', target);
    execute format(
      'create policy "officials see every record" on ledger.%I for select '
      'to regulator, tax_service, auditor, dozir_readonly using (true)', target);
    if target in ('transaction', 'batch', 'operator_head', 'cancellation', 'refusal', 'entry') then
      execute format(
        'create policy "an operator sees its own records" on ledger.%I for select '
        'to "operator" using (operator_id = %s)', target, own_row);
    end if;
    if target in ('checkpoint', 'cosignature', 'trust_policy', 'quorum', 'timestamp_token') then
      execute format(
        'create policy "what is published is for operators too" on ledger.%I for select '
        'to "operator" using (true)', target);
    end if;
  end loop;
  create policy "everyone sees which days were dropped" on ledger.dropped_day for select
  to "operator", financial_monitoring, fairness using (true);
  -- What the figures of their reports are made of; rows as such are not shown to them.
  foreach target in array array['batch', 'operator_head', 'checkpoint'] loop
    execute format(
      'create policy "reports tell how far they reach" on ledger.%I for select '
      'to financial_monitoring, fairness using (true)', target);
  end loop;
  create policy "breaches are financial monitoring's too" on ledger.refusal for select
  to financial_monitoring using (true);
  create policy "what was taken back is cash flow's too" on ledger.cancellation for select
  to financial_monitoring using (true);
  create policy "cash flow is made of every record" on ledger.transaction for select
  to financial_monitoring using (true);
  create policy "fairness is of bets, wins and refunds" on ledger.transaction for select
  to fairness using (type in (1, 2, 3));
  -- The row with which maintenance.make_chunk makes a chunk, put in and taken out at once.
  create policy "a chunk is made with a row of nobody's" on ledger.transaction
  for all to dozir_chunks using (operator_id = 0) with check (operator_id = 0);
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
        'what is published is for operators too',
        'Checkpoints and what others signed of them name no operator and are served to anyone.'),
      (
        'everyone sees which days were dropped',
        'A day and the name of an archive tell nothing of any operator.'),
      (
        'reports tell how far they reach',
        'A report is as of a moment and says how complete it is: batches tell that.'),
      (
        'breaches are financial monitoring''s too',
        'The register of breaches and refusals is a report of financial monitoring.'),
      (
        'what was taken back is cash flow''s too',
        'A deposit or withdrawal that was taken back is shown as such.'),
      (
        'cash flow is made of every record',
        'Figures as of a moment are counted from the last hour''s records.'),
      (
        'fairness is of bets, wins and refunds',
        'What was paid in and out of accounts tells nothing of a game.'),
      (
        'a chunk is made with a row of nobody''s',
        'maintenance.make_chunk puts such a row in and takes it out at once.')
    ) as w (name, words) on p.polname = w.name
    where c.relnamespace = 'ledger'::regnamespace
  loop
    execute 'comment on ' || stale;
  end loop;
end
$policies$;
