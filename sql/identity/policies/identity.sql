-- Nobody reads people and sessions but through functions.
do $policies$
declare
  target text;
  stale text;
begin
  foreach target in array array['mode', 'person', 'session'] loop
    execute format(
      'alter table identity.%I enable row level security, no force row level security', target);
    -- Whatever policy stands there goes first, one made by hand included.
    for stale in
      select p.polname from pg_catalog.pg_policy as p
      where p.polrelid = format('identity.%I', target)::regclass
    loop
      execute format('drop policy %I on identity.%I', stale, target);
    end loop;
    execute format(
      'create policy "the writer does what its functions do" on identity.%I '
      'for all to dozir_writer using (true) with check (true)', target);
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
        'dozir_writer owns the definer functions; what they may is granted table by table.')
    ) as w (name, words) on p.polname = w.name
    where c.relnamespace = 'identity'::regnamespace
  loop
    execute 'comment on ' || stale;
  end loop;
end
$policies$;
