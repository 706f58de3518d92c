create or replace function ledger.day_figures(
  p_from timestamptz,
  p_until timestamptz,
  out row_count bigint,
  out batch_count bigint,
  out batches_sha256 bytea,
  out totals jsonb
)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- What the rows of a period add up to: an archive of it is complete while it says the same.
--   batches_sha256  over batch id (8 bytes) and number of its rows in the period (4 bytes), by id
--   totals          [{currency, type, count, amount_minor, cancelled_count, cancelled_minor}]
begin
  with counted as materialized (
    select
      t.batch_id, t.currency, t.type,
      count(*) filter (where t.cancel_reason = 0) as count,
      coalesce(sum(t.amount_minor) filter (where t.cancel_reason = 0), 0) as minor,
      count(*) filter (where t.cancel_reason <> 0) as cancelled_count,
      coalesce(sum(t.amount_minor) filter (where t.cancel_reason <> 0), 0) as cancelled_minor
    from ledger.transaction as t
    where t.occurred_at >= p_from and t.occurred_at < p_until
    group by t.batch_id, t.currency, t.type
  ),
  by_batch as (
    select c.batch_id, sum(c.count + c.cancelled_count)::integer as rows
    from counted as c
    group by c.batch_id
  ),
  by_type as (
    select
      c.currency, c.type, sum(c.count) as count, sum(c.minor) as amount_minor,
      sum(c.cancelled_count) as cancelled_count, sum(c.cancelled_minor) as cancelled_minor
    from counted as c
    group by c.currency, c.type
  )
  select
    b.rows, b.batches, sha256(coalesce(b.parts, '')), coalesce(y.totals, '[]')
  into row_count, batch_count, batches_sha256, totals
  from (
    select
      coalesce(sum(s.rows), 0)::bigint as rows, count(*) as batches,
      string_agg(int8send(s.batch_id) || int4send(s.rows), ''::bytea order by s.batch_id) as parts
    from by_batch as s
  ) as b
  cross join (
    select jsonb_agg(to_jsonb(s) order by s.currency, s.type) as totals from by_type as s
  ) as y;
end
$body$;
comment on function ledger.day_figures(timestamptz, timestamptz) is
  'Counts, sums and the fingerprint of the batches of a period, from raw rows.';
