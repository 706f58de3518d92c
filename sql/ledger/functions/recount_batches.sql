create or replace function ledger.recount_batches(p_from timestamptz, p_until timestamptz)
  returns table (batch_id bigint, row_count integer, totals ledger.type_total[])
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- What the batches' own figures must be, from raw rows of a period.
begin
  return query
  select
    s.batch_id, sum(s.count + s.cancelled_count)::integer,
    array_agg(
      row(s.currency, s.type, s.count, s.minor, s.cancelled_count, s.cancelled_minor)::ledger.type_total
      order by s.currency, s.type
    )
  from (
    select
      t.batch_id, t.currency, t.type,
      count(*) filter (where t.cancel_reason = 0)::integer as count,
      coalesce(sum(t.amount_minor) filter (where t.cancel_reason = 0), 0)::bigint as minor,
      count(*) filter (where t.cancel_reason <> 0)::integer as cancelled_count,
      coalesce(sum(t.amount_minor) filter (where t.cancel_reason <> 0), 0)::bigint
        as cancelled_minor
    from ledger.transaction as t
    where t.occurred_at >= p_from and t.occurred_at < p_until
    group by t.batch_id, t.currency, t.type
  ) as s
  group by s.batch_id;
end
$body$;
comment on function ledger.recount_batches(timestamptz, timestamptz) is
  'Row counts and totals of batches, recomputed from raw rows.';
