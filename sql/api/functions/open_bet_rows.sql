create or replace function api.open_bet_rows(
  p_operator_id integer, p_month date, p_gambling_type_id smallint, p_currency smallint, p_told text,
  p_before uuid default null, p_limit integer default 100
) returns table (
    occurred_at timestamptz, id uuid, operator_id integer, batch_id bigint, row_no integer,
    type smallint, amount_minor bigint, currency smallint, licence_id integer, channel_id integer,
    equipment_id integer, game_id integer, round_id uuid, payment smallint, flags smallint,
    breach smallint, cancels uuid, cancel_reason smallint, taken_back boolean
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- The records that a line of the bridge (api.settlement_bridge) was measured from, as api.transactions gives them,
-- newest first; p_told is that of api.open_bet_record, p_before the last id seen. Those whose raw rows were dropped
-- are not told.
begin
  return query
  select
    t.occurred_at, t.id, t.operator_id, t.batch_id, t.row_no, t.type, t.amount_minor, t.currency,
    t.licence_id, t.channel_id, t.equipment_id, t.game_id, t.round_id, t.payment, t.flags, t.breach,
    t.cancels, t.cancel_reason,
    exists (
      select from api.cancellation as c
      where c.operator_id = t.operator_id and c.cancelled_id = t.id
    )
  from (
    select r.occurred_at, r.id
    from api.open_bet_record as r
    where r.operator_id = p_operator_id and r.month = p_month and r.gambling_type_id = p_gambling_type_id
      and r.currency = p_currency and r.told = p_told and (p_before is null or r.id < p_before)
    order by r.id desc
    limit least(p_limit, 10000)
  ) as r
  -- By its moment, too, which is what chunks are found by.
  cross join lateral (
    select x.* from api.transaction as x
    where x.occurred_at = r.occurred_at and x.id = r.id and x.operator_id = p_operator_id
  ) as t
  order by t.id desc;
end
$body$;
comment on function api.open_bet_rows(integer, date, smallint, smallint, text, uuid, integer) is
  'The records behind a line of the bridge between cash and settlement, newest first.';
