-- What anyone may see. Its login reads the catalogue of open data and what is published of the registers, by
-- columns (grants.sql); complaints and providers' secrets are the writer's alone.
do $policies$
declare
  target text;
  stale record;
  open_ones constant text[] := array['open_data.dataset', 'open_data.field'];
  kept constant text[] := array[
    'blocking.change', 'blocking.provider_key', 'blocking.compliance', 'blocking.complaint', 'blocking.intake'];
begin
  foreach target in array open_ones || kept loop
    execute format('alter table %s enable row level security, no force row level security', target);
    for stale in select p.polname from pg_catalog.pg_policy as p where p.polrelid = target::regclass loop
      execute format('drop policy %I on %s', stale.polname, target);
    end loop;
    execute format(
      'create policy "the writer does what its functions do" on %s '
      'for all to dozir_writer using (true) with check (true)', target);
    execute format(
      'comment on policy "the writer does what its functions do" on %s is '
      '''dozir_writer owns the definer functions; what they may is granted table by table.''', target);
  end loop;
  foreach target in array open_ones || array[
    'registry.operator', 'registry.licence', 'registry.licence_suspension', 'registry.licence_kind',
    'registry.gambling_type', 'registry.brand', 'registry.channel', 'registry.venue', 'registry.website',
    'registry.mobile_application', 'registry.equipment', 'registry.supplier', 'registry.product',
    'registry.certificate', 'registry.blocked_site'
  ] loop
    execute format(
      'create policy "the public sees what is published" on %s for select to dozir_public using (true)', target);
    execute format(
      'comment on policy "the public sees what is published" on %s is '
      '''Every row; columns are granted one by one, and only views of open_data can be named.''', target);
  end loop;
  foreach target in array array[
    'blocking.change', 'blocking.compliance', 'blocking.complaint', 'blocking.provider_key'
  ] loop
    execute format(
      'create policy "officials see every record" on %s for select '
      'to regulator, registrar, auditor, dozir_readonly using (true)', target);
    execute format(
      'comment on policy "officials see every record" on %s is '
      '''Officials and DBAs are not bound to an operator.''', target);
  end loop;
end
$policies$;
