-- Sessions are read by functions alone; of people, names for logs are seen by whom they concern.
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
  create policy "officials see who acts" on identity.person for select
    to regulator, tax_service, registrar, auditor using (true);
  create policy "an operator sees its own people" on identity.person for select to "operator"
    using (
      operator_id = (select nullif(current_setting('dozir.operator_id', true), '')::integer)
      or id = (select nullif(current_setting('dozir.person_id', true), '')::integer)
    );
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
        'officials see who acts',
        'Logs and histories name people by number; officials are told their names.'),
      (
        'an operator sees its own people',
        'Whoever acts for an operator is told the names of its people, and of nobody else''s.')
    ) as w (name, words) on p.polname = w.name
    where c.relnamespace = 'identity'::regnamespace
  loop
    execute 'comment on ' || stale;
  end loop;
end
$policies$;
