create or replace function api.transaction_sums(
  p_from timestamptz,
  p_until timestamptz,
  p_operators integer[] default null,
  p_gambling_types smallint[] default null,
  p_currency smallint default null,
  p_breach smallint default null,
  p_licences integer[] default null,
  p_channels integer[] default null,
  p_games integer[] default null,
  p_equipment integer[] default null,
  p_payment smallint default null,
  p_amount_from bigint default null,
  p_amount_to bigint default null,
  p_round uuid default null
) returns table (currency smallint, type smallint, number bigint, amount_minor bigint)
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- What the list of api.transactions adds up to: number and sum of each type and currency, records that
-- take others back counted negative, as in every report. From the rollups where they can tell, that is for
-- whole hours and for games or equipment by themselves, and of amounts for bands of whole days that are counted
-- by them; from the rows for an hour at most; else one row of nulls: nobody knows.
declare
  of_games constant boolean := p_games is not null or p_equipment is not null;
  beside_games constant boolean := p_gambling_types is not null or p_breach is not null
    or p_licences is not null or p_channels is not null or p_payment is not null;
  -- Of a round no aggregate tells.
  whole_hours boolean := p_round is null and p_from = date_bin('1 hour', p_from, '2000-01-01T00:00:00Z')
    and p_until = date_bin('1 hour', p_until, '2000-01-01T00:00:00Z');
  first_day constant date := (p_from at time zone 'Europe/Kyiv')::date;
  after_day constant date := (p_until at time zone 'Europe/Kyiv')::date;
  first_batch bigint;
  last_batch bigint;
begin
  if p_amount_from is not null or p_amount_to is not null then
    -- Counted by bands of whole days, of deposits and withdrawals; other types have no row then.
    if not of_games and not beside_games and p_round is null and p_until - p_from > interval '1 hour'
      and api.amounts_counted(p_from, p_until, p_amount_from, p_amount_to)
      -- What came since the days were counted is in the list, too.
      and (
        select (
          nullif(sum(r.deposit_count), 0), nullif(sum(r.deposit_minor), 0), nullif(sum(r.withdrawal_count), 0),
          nullif(sum(r.withdrawal_minor), 0))
        from api.cash_band_day as r
        where r.day >= first_day and r.day < after_day
          and (p_operators is null or r.operator_id = any (p_operators))
          and (p_currency is null or r.currency = p_currency)
      ) is not distinct from (
        select (
          nullif(sum(r.deposit_count), 0), nullif(sum(r.deposit_minor), 0), nullif(sum(r.withdrawal_count), 0),
          nullif(sum(r.withdrawal_minor), 0))
        from api.rollup_day as r
        where r.day >= first_day and r.day < after_day
          and (p_operators is null or r.operator_id = any (p_operators))
          and (p_currency is null or r.currency = p_currency)
      )
    then
      return query
      select r.currency, u.type, sum(u.number)::bigint, sum(u.minor)::bigint
      from api.cash_band_day as r
      join api.amount_band as b on b.id = r.band
      cross join lateral (values
        (4::smallint, r.deposit_count, r.deposit_minor),
        (5::smallint, r.withdrawal_count, r.withdrawal_minor)) as u (type, number, minor)
      where r.day >= first_day and r.day < after_day
        and (p_operators is null or r.operator_id = any (p_operators))
        and (p_currency is null or r.currency = p_currency)
        and (p_amount_from is null or b.from_minor >= p_amount_from)
        and (p_amount_to is null or b.until_minor - 1 <= p_amount_to)
      group by r.currency, u.type;
      return;
    end if;
    whole_hours := false;
  end if;
  if whole_hours and not of_games then
    return query
    select r.currency, u.type, sum(u.number)::bigint, sum(u.minor)::bigint
    from api.rollup_hour as r
    cross join lateral (values
      (1::smallint, r.bet_count, r.bet_minor), (2::smallint, r.win_count, r.win_minor),
      (3::smallint, r.refund_count, r.refund_minor), (4::smallint, r.deposit_count, r.deposit_minor),
      (5::smallint, r.withdrawal_count, r.withdrawal_minor)) as u (type, number, minor)
    where r.hour >= p_from and r.hour < p_until
      and (p_operators is null or r.operator_id = any (p_operators))
      and (p_gambling_types is null or r.gambling_type_id = any (p_gambling_types))
      and (p_currency is null or r.currency = p_currency)
      and (p_breach is null or r.breach & p_breach <> 0)
      and (p_licences is null or r.licence_id = any (p_licences))
      and (p_channels is null or r.channel_id = any (p_channels))
      and (p_payment is null or r.payment = p_payment)
    group by r.currency, u.type;
  elsif whole_hours and not beside_games then
    return query
    select r.currency, u.type, sum(u.number)::bigint, sum(u.minor)::bigint
    from api.rollup_game_hour as r
    cross join lateral (values
      (1::smallint, r.bet_count, r.bet_minor), (2::smallint, r.win_count, r.win_minor),
      (3::smallint, r.refund_count, r.refund_minor), (4::smallint, r.deposit_count, r.deposit_minor),
      (5::smallint, r.withdrawal_count, r.withdrawal_minor)) as u (type, number, minor)
    where r.hour >= p_from and r.hour < p_until
      and (p_operators is null or r.operator_id = any (p_operators))
      and (p_currency is null or r.currency = p_currency)
      and (p_games is null or r.game_id = any (p_games))
      and (p_equipment is null or r.equipment_id = any (p_equipment))
    group by r.currency, u.type;
  elsif p_until - p_from <= interval '1 hour' then
    if p_operators is not null then
      -- Not by the index of ids, which would be read from its end until a batch of the period comes.
      select min(b.id + 0), max(b.id + 0) into first_batch, last_batch
      from api.batch as b
      where b.occurred_until >= p_from and b.occurred_from < p_until and b.operator_id = any (p_operators);
    end if;
    return query
    select
      t.currency, t.type, sum(s.sign)::bigint, sum(s.sign * t.amount_minor)::bigint
    from api.transaction as t
    join api.licence as l on l.id = t.licence_id
    cross join lateral (select case when t.cancel_reason = 0 then 1 else -1 end as sign) as s
    where t.occurred_at >= p_from and t.occurred_at < p_until
      and (p_operators is null or t.batch_id >= first_batch and t.batch_id <= last_batch)
      and (p_operators is null or t.operator_id = any (p_operators))
      and (p_gambling_types is null or l.gambling_type_id = any (p_gambling_types))
      and (p_currency is null or t.currency = p_currency)
      and (p_breach is null or t.breach & p_breach <> 0)
      and (p_licences is null or t.licence_id = any (p_licences))
      and (p_channels is null or t.channel_id = any (p_channels))
      and (p_games is null or t.game_id = any (p_games))
      and (p_equipment is null or t.equipment_id = any (p_equipment))
      and (p_payment is null or t.payment = p_payment)
      and (p_amount_from is null or t.amount_minor >= p_amount_from)
      and (p_amount_to is null or t.amount_minor <= p_amount_to)
      and (p_round is null or t.round_id = p_round)
    group by t.currency, t.type;
  else
    return query select null::smallint, null::smallint, null::bigint, null::bigint;
  end if;
end
$body$;
comment on function api.transaction_sums(
  timestamptz, timestamptz, integer[], smallint[], smallint, smallint, integer[], integer[],
  integer[], integer[], smallint, bigint, bigint, uuid
) is 'What transactions of a period add up to, by currency and type.';
