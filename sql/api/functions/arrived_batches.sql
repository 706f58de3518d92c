create or replace function api.arrived_batches(
  p_from timestamptz, p_until timestamptz, p_operators integer[] default null
) returns table (
    batches bigint[], first_batch bigint, last_batch bigint, occurred_from timestamptz,
    occurred_until timestamptz
  )
  language sql stable
-- Which batches were received from one moment to another, both included, and bounds of their records: one
-- row, of nulls where there are none. Whoever looks for those records must know all five beforehand: joined
-- to batches, records of all time would be read.
begin atomic
  select
    array_agg(b.id) as batches, min(b.id) as first_batch, max(b.id) as last_batch,
    min(b.occurred_from) as occurred_from, max(b.occurred_until) as occurred_until
  from api.batch as b
  where b.received_at >= p_from and b.received_at <= p_until
    and (p_operators is null or b.operator_id = any(p_operators));
end;
comment on function api.arrived_batches(timestamptz, timestamptz, integer[]) is
  'Batches received in a span of time, with bounds of their records.';
