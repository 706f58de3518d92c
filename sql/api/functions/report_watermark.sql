create or replace function api.report_watermark() returns timestamptz
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Before this moment nothing can arrive any more: a batch's moment of arrival is the beginning of the
-- transaction that stores it, so the oldest that is still open bounds what is complete. To be asked in a
-- statement of its own before the figures are read: what ends in between is then among them.
begin
  return least(statement_timestamp(), (
    select min(a.xact_start) - interval '1 microsecond' from pg_stat_activity as a
    where a.datname = current_database() and a.usename = 'dozir_ingest'
      and a.state <> 'idle' and a.pid <> pg_backend_pid()
  ));
end
$body$;
alter function api.report_watermark() owner to dozir_writer;
comment on function api.report_watermark() is
  'The moment as of which figures can be read again and are the same: all that arrived by then is stored.';
