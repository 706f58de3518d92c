create or replace function maintenance.clear_some_notices() returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- At most 1000 of each at a time, so that nobody waits for locks: notices after 180 days, mail that is
-- over after 90, the log of deliveries after 400, stopped subscriptions with it.
declare
  cleared bigint;
  step bigint;
begin
  delete from identity.notice as n where n.id in (
    select o.id from identity.notice as o
    where o.created_at < transaction_timestamp() - interval '180 days' limit 1000);
  get diagnostics cleared = row_count;
  delete from identity.mail as m where m.id in (
    select o.id from identity.mail as o
    where o.created_at < transaction_timestamp() - interval '90 days'
      and o.state not in ('waiting', 'sending')
    limit 1000);
  get diagnostics step = row_count;
  cleared := cleared + step;
  delete from identity.delivery as d where d.id in (
    select o.id from identity.delivery as o
    where o.ended_at < transaction_timestamp() - interval '400 days' limit 1000);
  get diagnostics step = row_count;
  cleared := cleared + step;
  delete from identity.subscription as s where s.id in (
    select o.id from identity.subscription as o
    where o.stopped_at < transaction_timestamp() - interval '400 days' limit 1000);
  get diagnostics step = row_count;
  return cleared + step;
end
$body$;
alter function maintenance.clear_some_notices() owner to dozir_writer;
comment on function maintenance.clear_some_notices() is
  'Forgets old notices, mail, deliveries and stopped subscriptions, 1000 of each at a time.';
