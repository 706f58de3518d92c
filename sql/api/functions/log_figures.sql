create or replace function api.log_figures()
  returns table (
    log_size bigint,
    signed_at timestamptz,
    unsequenced_count bigint,
    oldest_unsequenced_seconds double precision,
    refusal_count bigint,
    refused_because text
  )
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  return query
    select
      coalesce((select max(x.leaf_index) + 1 from ledger.leaf as x), 0),
      (select c.signed_at from ledger.checkpoint as c order by c.size desc limit 1),
      (select count(*) from ledger.unsequenced as u),
      coalesce((
        select extract(epoch from clock_timestamp() - e.entered_at)::double precision
        from ledger.entry as e
        where e.id = (select min(u.entry_id) from ledger.unsequenced as u)
      ), 0),
      l.refusal_count,
      l.refused_because
    from ledger.log as l;
end
$body$;
alter function api.log_figures() owner to dozir_writer;
comment on function api.log_figures() is
  'How the log is, for whoever runs the system: its size, what waits, and why it stands still.';
