create or replace function api.transactions(
  p_from timestamptz,
  p_until timestamptz,
  p_operators integer[] default null,
  p_gambling_types smallint[] default null,
  p_types smallint[] default null,
  p_currency smallint default null,
  p_before uuid default null,
  p_limit integer default 100,
  p_breach smallint default null,
  p_licences integer[] default null,
  p_channels integer[] default null,
  p_games integer[] default null,
  p_equipment integer[] default null,
  p_payment smallint default null,
  p_amount_from bigint default null,
  p_amount_to bigint default null,
  p_round uuid default null
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
-- The transactions of a period of at most 31 days, newest first; p_before is the last id seen (an
-- id carries its time, so ids in order are times in order), p_breach a mask of marks, of which a row
-- has one at least, p_amount_from and p_amount_to the smallest and the largest amount, p_round one round.
-- Financial monitoring is given deposits and withdrawals, what cash flow is made of, and nothing of play. Chunks
-- are excluded by plain bounds, the rest of a chunk by the batches of chosen operators that hold something of
-- the period.
declare
  licences integer[] := array(
    select l.id from api.licence as l
    where (p_gambling_types is null or l.gambling_type_id = any (p_gambling_types))
      and (p_operators is null or l.operator_id = any (p_operators))
  );
  first_batch bigint;
  last_batch bigint;
  wanted integer := least(p_limit, 10000);
  found integer;
  -- What is read at once: from the first moment until before the second.
  since timestamptz;
  upto timestamptz;
  width interval := interval '1 minute';
begin
  if p_until < p_from then
    raise exception using errcode = 'DZV01', message = 'the period is reversed';
  elsif p_until - p_from > interval '32 days' then
    raise exception using errcode = 'DZV01', message = 'transactions of at most 31 days';
  end if;
  if p_operators is not null then
    -- Not by the index of ids, which would be read from its end until a batch of the period comes.
    select min(b.id + 0), max(b.id + 0) into first_batch, last_batch
    from api.batch as b
    where b.occurred_until >= p_from and b.occurred_from < p_until and b.operator_id = any (p_operators);
  end if;
  -- What comes before an id is of its millisecond, its first 48 bits, or earlier.
  upto := least(
    p_until, to_timestamp((1 + ('x' || translate(left(p_before::text, 13), '-', ''))::bit(48)::bigint) / 1000.0));
  while wanted > 0 and upto > p_from loop
    -- Of all operators the newest are looked for in the last minute, then in longer and longer times before it.
    -- A part begins with a whole millisecond, as ids are in order by that.
    since := case when p_operators is null
      then greatest(p_from, date_trunc('milliseconds', upto - width)) else p_from end;
    return query
    select
      t.occurred_at, t.id, t.operator_id, t.batch_id, t.row_no, t.type, t.amount_minor, t.currency,
      t.licence_id, t.channel_id, t.equipment_id, t.game_id, t.round_id, t.payment, t.flags, t.breach,
      t.cancels, t.cancel_reason,
      exists (
        select from api.cancellation as c
        where c.operator_id = t.operator_id and c.cancelled_id = t.id
      )
    from api.transaction as t
    where t.occurred_at >= since and t.occurred_at < upto
      and (p_operators is null or t.batch_id >= first_batch and t.batch_id <= last_batch)
      and t.licence_id = any (licences)
      and (t.type in (4, 5) or (select current_user <> 'financial_monitoring'))
      and (p_operators is null or t.operator_id = any (p_operators))
      and (p_types is null or t.type = any (p_types))
      and (p_currency is null or t.currency = p_currency)
      and (p_before is null or t.id < p_before)
      and (p_breach is null or t.breach & p_breach <> 0)
      and (p_licences is null or t.licence_id = any (p_licences))
      and (p_channels is null or t.channel_id = any (p_channels))
      and (p_games is null or t.game_id = any (p_games))
      and (p_equipment is null or t.equipment_id = any (p_equipment))
      and (p_payment is null or t.payment = p_payment)
      and (p_amount_from is null or t.amount_minor >= p_amount_from)
      and (p_amount_to is null or t.amount_minor <= p_amount_to)
      and (p_round is null or t.round_id = p_round)
    order by t.id desc
    limit wanted;
    get diagnostics found = row_count;
    wanted := wanted - found;
    upto := since;
    width := 16 * width;
  end loop;
end
$body$;
comment on function api.transactions(
  timestamptz, timestamptz, integer[], smallint[], smallint[], smallint, uuid, integer, smallint,
  integer[], integer[], integer[], integer[], smallint, bigint, bigint, uuid
) is 'The transactions behind a figure, newest first.';
