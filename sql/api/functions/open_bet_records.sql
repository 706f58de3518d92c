create or replace function api.open_bet_records(
  p_operator_id integer, p_month date, p_gambling_type_id smallint
) returns table (told text, occurred_at timestamptz, id uuid, currency smallint, amount_minor bigint)
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
  set work_mem = '64MB'
  -- Few rows are expected of what is many, and each would be compared with each.
  set enable_nestloop = off
as $body$
-- What an operator's players had staked and not yet learned the result of as a month of Europe/Kyiv began, record
-- by record, from raw rows of the window round that moment (report.settlement_rule), which bounds what is read.
-- A bet is open when it was placed before, not taken back before, and no win or refund of its round came from the
-- bet on until the moment. told:
--   proven    an open bet of a round of which a win or a refund came after, or which was taken back after
--   possible  an open bet without any result, of a kind of gambling of which such a bet may be open still
--   voided    a refund that came after of a round with open bets, or an open bet that was taken back after
--   won       a win that came after of a round with open bets
-- rollup.open_bets holds their counts and sums (rollup.measure_open_bets), rollup.open_bet_record all but the possible.
declare
  began constant timestamptz := p_month::timestamp at time zone 'Europe/Kyiv';
  rule record;
  licences constant integer[] := array(
    select l.id from api.licence as l
    where l.operator_id = p_operator_id and l.gambling_type_id = p_gambling_type_id);
  since timestamptz;
  until timestamptz;
  first_batch bigint;
  last_batch bigint;
begin
  select r.window_days, r.unresolved_may_be_open into rule
  from api.settlement_rule as r where r.gambling_type_id = p_gambling_type_id;
  since := began - make_interval(days => rule.window_days);
  until := began + make_interval(days => rule.window_days);
  -- Not by the index of ids, which would be read from its end until a batch of the period comes.
  select min(b.id + 0), max(b.id + 0) into first_batch, last_batch from api.batch as b
  where b.operator_id = p_operator_id and b.occurred_until >= since and b.occurred_from < until;
  return query
  with own as materialized (
    select t.type, t.round_id, t.currency, t.amount_minor, t.occurred_at, t.id, t.cancels, t.cancel_reason
    from api.transaction as t
    where t.operator_id = p_operator_id and t.occurred_at >= since and t.occurred_at < until
      and t.batch_id >= first_batch and t.batch_id <= last_batch
      and t.type in (1, 2, 3) and t.licence_id = any (licences)
  ),
  effective as materialized (
    select o.type, o.round_id, o.currency, o.amount_minor, o.occurred_at, o.id, c.occurred_at as taken_back_at
    from own as o
    left join own as c on c.cancels = o.id and c.cancel_reason <> 0
    where o.cancel_reason = 0
  ),
  result as (
    select
      e.round_id, e.currency,
      max(e.occurred_at) filter (
        where e.occurred_at < began and (e.taken_back_at is null or e.taken_back_at >= began)
      ) as last_before,
      bool_or(e.occurred_at >= began and e.taken_back_at is null) as resolved
    from effective as e
    where e.type in (2, 3)
    group by e.round_id, e.currency
  ),
  open as materialized (
    select e.*, coalesce(r.resolved, false) as resolved
    from effective as e
    left join result as r on r.round_id = e.round_id and r.currency = e.currency
    where e.type = 1 and e.occurred_at < began
      and (e.taken_back_at is null or e.taken_back_at >= began)
      and (r.last_before is null or r.last_before < e.occurred_at)
  )
  select
    case when o.resolved or o.taken_back_at is not null then 'proven' else 'possible' end, o.occurred_at, o.id,
    o.currency, o.amount_minor
  from open as o
  where o.resolved or o.taken_back_at is not null or rule.unresolved_may_be_open
  union all
  select 'voided', o.occurred_at, o.id, o.currency, o.amount_minor
  from open as o
  where o.taken_back_at is not null
  union all
  select case e.type when 2 then 'won' else 'voided' end, e.occurred_at, e.id, e.currency, e.amount_minor
  from effective as e
  where e.type in (2, 3) and e.occurred_at >= began and e.taken_back_at is null
    and (e.round_id, e.currency) in (select o.round_id, o.currency from open as o);
end
$body$;
comment on function api.open_bet_records(integer, date, smallint) is
  'Bets without a result as a month began, and what became of them, record by record.';
