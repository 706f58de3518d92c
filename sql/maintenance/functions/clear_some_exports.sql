create or replace function maintenance.clear_some_exports() returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- At most 1000 of each at a time, so that nobody waits for locks. The record of what was exported
-- stays for ever; requests for files are forgotten after 90 days, removed views after 30.
declare
  cleared bigint;
  step bigint;
begin
  update audit.export_job as j set state = 'expired'
  where j.id in (
    select o.id from audit.export_job as o
    where o.state = 'ready' and o.expires_at <= transaction_timestamp()
    limit 1000);
  get diagnostics cleared = row_count;
  delete from audit.export_job as j
  where j.id in (
    select o.id from audit.export_job as o
    where o.state in ('failed', 'cancelled', 'expired')
      and o.requested_at < transaction_timestamp() - interval '90 days'
    limit 1000);
  get diagnostics step = row_count;
  cleared := cleared + step;
  delete from identity.saved_view as v
  where v.id in (
    select o.id from identity.saved_view as o
    where o.removed_at < transaction_timestamp() - interval '30 days'
    limit 1000);
  get diagnostics step = row_count;
  return cleared + step;
end
$body$;
alter function maintenance.clear_some_exports() owner to dozir_writer;
comment on function maintenance.clear_some_exports() is
  'Marks files that can no longer be taken; forgets old requests and removed views, 1000 at a time.';
