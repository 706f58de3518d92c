-- Row-level security of the aggregates. Not forced: replication applies rows as the owner.
do $policies$
declare
  target text;
  stale text;
  own_row constant text := '(select nullif(current_setting(''dozir.operator_id'', true), '''')::integer)';
begin
  foreach target in array array[
    'hour', 'game_hour', 'day', 'month', 'game_day', 'game_progress', 'ingest_hour', 'account_count',
    'account_spread', 'account_cohort', 'player_day', 'player_period', 'player_progress', 'open_bets',
    'open_bet_record',
    'arrival_day', 'arrival_progress', 'play_day', 'play_month', 'equipment_month', 'mark_day',
    'mark_month', 'market_mark_day', 'request_hour', 'request_day', 'cohort_sum', 'cash_band_day', 'cash_day',
    'cash_progress',
    'round_day', 'return_day', 'return_month', 'matched_day', 'round_due', 'round_progress'
  ] loop
    execute format(
      'alter table rollup.%I enable row level security, no force row level security', target);
    -- Whatever policy stands there goes first, one made by hand included.
    for stale in
      select p.polname from pg_catalog.pg_policy as p
      where p.polrelid = format('rollup.%I', target)::regclass
    loop
      execute format('drop policy %I on rollup.%I', stale, target);
    end loop;
    execute format(
      'create policy "the writer does what its functions do" on rollup.%I '
      'for all to dozir_writer using (true) with check (true)', target);
    -- Accounts are nobody's to look at: only what is counted of them. What is due is the job's alone.
    continue when target in ('player_day', 'round_due', 'round_progress');
    if target in ('player_progress', 'player_period') then
      execute format(
        'create policy "readers see how far accounts are counted" on rollup.%I for select '
        'to "operator", regulator, auditor, dozir_readonly using (true)', target);
      continue;
    end if;
    if target = 'arrival_progress' then
      create policy "readers see how far arrivals are counted" on rollup.arrival_progress for select
      to "operator", regulator, tax_service, auditor, dozir_readonly using (true);
      continue;
    end if;
    if target = 'cash_progress' then
      create policy "readers see which days are counted by amount" on rollup.cash_progress for select
      to "operator", regulator, tax_service, auditor, financial_monitoring, dozir_readonly using (true);
      continue;
    end if;
    if target = 'game_progress' then
      create policy "readers see how far games are counted" on rollup.game_progress for select
      to "operator", regulator, tax_service, auditor, dozir_readonly, financial_monitoring, fairness
      using (true);
      continue;
    end if;
    execute format(
      'create policy "officials see every figure" on rollup.%I for select '
      'to regulator, tax_service, auditor, dozir_readonly using (true)', target);
    if target in (
      'hour', 'game_hour', 'day', 'month', 'game_day', 'play_day', 'play_month', 'equipment_month', 'mark_day',
      'mark_month', 'market_mark_day', 'cash_band_day', 'cash_day', 'round_day', 'return_day', 'return_month'
    ) then
      execute format(
        'create policy "reports are made of figures" on rollup.%I for select '
        'to financial_monitoring, fairness using (true)', target);
    end if;
    -- What is told of all together is no operator's.
    continue when target = 'market_mark_day';
    execute format(
      'create policy "an operator sees its own figures" on rollup.%I for select '
      'to "operator" using (operator_id = %s%s)', target, own_row,
      -- Operator 0 stands for all together there, or for nobody known, and is no operator's own.
      case when target in ('account_spread', 'arrival_day', 'request_hour', 'request_day')
        then ' and operator_id > 0' end);
  end loop;
  -- What each is for.
  for stale in
    select
      format('policy %I on %s is %L', p.polname, p.polrelid::regclass, w.words)
    from pg_catalog.pg_policy as p
    join pg_catalog.pg_class as c on p.polrelid = c.oid
    join (values
      (
        'reports are made of figures',
        'Whoever reads one or two reports sees the figures that these are made of.'),
      (
        'the writer does what its functions do',
        'dozir_writer owns the definer functions; what they may is granted table by table.'),
      (
        'readers see how far accounts are counted',
        'Periods and moments, which tell nothing of any operator.'),
      (
        'readers see how far arrivals are counted',
        'One moment, which tells nothing of any operator.'),
      (
        'readers see which days are counted by amount',
        'Days and moments, which tell nothing of any operator.'),
      (
        'readers see how far games are counted',
        'One moment, which tells nothing of any operator.'),
      ('officials see every figure', 'Officials and DBAs are not bound to an operator.'),
      (
        'an operator sees its own figures',
        'Rows of the operator that dozir.operator_id names; none where it is not set.')
    ) as w (name, words) on p.polname = w.name
    where c.relnamespace = 'rollup'::regnamespace
  loop
    execute 'comment on ' || stale;
  end loop;
end
$policies$;
