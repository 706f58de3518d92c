create or replace function rollup.recount_hour(p_from timestamptz, p_until timestamptz)
  returns setof rollup.hour
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- The slow and obvious way to rollup.hour, from raw rows; p_from and p_until are whole hours.
begin
  return query
  select
    t.operator_id, ledger.shard(), public.time_bucket('1 hour', t.occurred_at), t.licence_id,
    t.channel_id, l.gambling_type_id, t.currency, t.payment, t.flags, t.breach,
    public.time_bucket('1 hour', b.received_at),
    coalesce(sum(case when t.cancel_reason = 0 then 1 else -1 end) filter (where t.type = 1), 0)::bigint,
    coalesce(sum(case when t.cancel_reason = 0 then t.amount_minor else -t.amount_minor end)
      filter (where t.type = 1), 0)::bigint,
    coalesce(sum(case when t.cancel_reason = 0 then 1 else -1 end) filter (where t.type = 2), 0)::bigint,
    coalesce(sum(case when t.cancel_reason = 0 then t.amount_minor else -t.amount_minor end)
      filter (where t.type = 2), 0)::bigint,
    coalesce(sum(case when t.cancel_reason = 0 then 1 else -1 end) filter (where t.type = 3), 0)::bigint,
    coalesce(sum(case when t.cancel_reason = 0 then t.amount_minor else -t.amount_minor end)
      filter (where t.type = 3), 0)::bigint,
    coalesce(sum(case when t.cancel_reason = 0 then 1 else -1 end) filter (where t.type = 4), 0)::bigint,
    coalesce(sum(case when t.cancel_reason = 0 then t.amount_minor else -t.amount_minor end)
      filter (where t.type = 4), 0)::bigint,
    coalesce(sum(case when t.cancel_reason = 0 then 1 else -1 end) filter (where t.type = 5), 0)::bigint,
    coalesce(sum(case when t.cancel_reason = 0 then t.amount_minor else -t.amount_minor end)
      filter (where t.type = 5), 0)::bigint
  from ledger.transaction as t
  join ledger.batch as b on b.id = t.batch_id
  join registry.licence as l on l.id = t.licence_id
  where t.occurred_at >= p_from and t.occurred_at < p_until
  group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11;
end
$body$;
comment on function rollup.recount_hour(timestamptz, timestamptz) is
  'What rollup.hour must hold for a period, recomputed from raw rows.';
