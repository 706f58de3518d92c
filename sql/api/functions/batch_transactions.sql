create or replace function api.batch_transactions(
  p_batch_id bigint, p_after_row integer default 0, p_limit integer default 100
) returns table (
    row_no integer, occurred_at timestamptz, id uuid, operator_id integer, type smallint,
    amount_minor bigint, currency smallint, licence_id integer, channel_id integer,
    equipment_id integer, game_id integer, round_id uuid, payment smallint, flags smallint,
    breach smallint, cancels uuid, cancel_reason smallint, taken_back boolean
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- The transactions of one batch in their order. The batch gives plain bounds of time first, so that
-- only its chunks are planned.
declare
  batch_from timestamptz;
  batch_until timestamptz;
begin
  select b.occurred_from, b.occurred_until into batch_from, batch_until
  from api.batch as b where b.id = p_batch_id;
  return query
  select
    t.row_no, t.occurred_at, t.id, t.operator_id, t.type, t.amount_minor, t.currency, t.licence_id,
    t.channel_id, t.equipment_id, t.game_id, t.round_id, t.payment, t.flags, t.breach, t.cancels,
    t.cancel_reason,
    exists (
      select from api.cancellation as c
      where c.operator_id = t.operator_id and c.cancelled_id = t.id
    )
  from api.transaction as t
  where t.occurred_at >= batch_from and t.occurred_at <= batch_until
    and t.batch_id = p_batch_id
    and t.row_no > p_after_row
  order by t.row_no
  limit least(p_limit, 10000);
end
$body$;
comment on function api.batch_transactions(bigint, integer, integer) is
  'The transactions of one batch, in the order in which they were sent.';
