-- Nobody reads people and sessions but through functions.
do $policies$
declare
  target text;
begin
  foreach target in array array['mode', 'person', 'session'] loop
    execute format('alter table identity.%I enable row level security', target);
    execute format('drop policy if exists "the writer does what its functions do" on identity.%I', target);
    execute format(
      'create policy "the writer does what its functions do" on identity.%I '
      'for all to dozir_writer using (true) with check (true)', target);
  end loop;
end
$policies$;
