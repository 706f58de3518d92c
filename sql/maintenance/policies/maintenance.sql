-- The runner reaches these tables through functions alone; a DBA reads schedule and history.
do $policies$
declare
  target text;
  stale text;
begin
  foreach target in array array[
    'job', 'run', 'finding', 'setting', 'recorded_object', 'applied_file'
  ] loop
    execute format(
      'alter table maintenance.%I enable row level security, no force row level security', target);
    -- Whatever policy stands there goes first, one made by hand included.
    for stale in
      select p.polname from pg_catalog.pg_policy as p
      where p.polrelid = format('maintenance.%I', target)::regclass
    loop
      execute format('drop policy %I on maintenance.%I', stale, target);
    end loop;
    execute format(
      'create policy "the writer does what its functions do" on maintenance.%I '
      'for all to dozir_writer using (true) with check (true)', target);
    if target in ('job', 'run', 'finding') then
      execute format(
        'create policy "whoever keeps the database sees its work" on maintenance.%I for select '
        'to dozir_readonly using (true)', target);
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
      (
        'whoever keeps the database sees its work',
        'Schedule, history and findings, for DBAs and monitoring.')
    ) as w (name, words) on p.polname = w.name
    where c.relnamespace = 'maintenance'::regnamespace
  loop
    execute 'comment on ' || stale;
  end loop;
end
$policies$;
