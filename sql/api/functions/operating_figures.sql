create or replace function api.operating_figures()
  returns table (
    last_batch_at timestamptz,
    oldest_transaction_seconds double precision,
    connections integer,
    connections_limit integer,
    database_bytes bigint,
    archive_failures bigint,
    last_archived_at timestamptz
  )
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  return query
    select
      (select max(b.received_at) from ledger.batch as b),
      (
        select coalesce(max(extract(epoch from clock_timestamp() - a.xact_start)), 0)::double precision
        from pg_stat_activity as a
        where a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
      ),
      (
        select count(*)::integer from pg_stat_activity as a
        where a.backend_type = 'client backend'
      ),
      current_setting('max_connections')::integer,
      pg_database_size(current_database()),
      s.failed_count,
      s.last_archived_time
    from pg_stat_archiver as s;
end
$body$;
alter function api.operating_figures() owner to dozir_writer;
comment on function api.operating_figures() is
  'What whoever runs the system watches: figures of the server as a whole, none of an operator.';
