create or replace function rollup.measure_open_bets(p_operator_id integer, p_month date) returns integer
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Measures what an operator's players had staked and not yet learned the result of as a month of
-- Europe/Kyiv began, by api.open_bet_records, and writes the sums into rollup.open_bets and which records they
-- are made of into rollup.open_bet_record: but for bets without any result, which are nearly as many as bets
-- lost. Returns the number of sums written.
declare
  began constant timestamptz := p_month::timestamp at time zone 'Europe/Kyiv';
  rule record;
  written integer := 0;
  done integer;
begin
  for rule in
    select r.gambling_type_id, r.window_days from report.settlement_rule as r
    where exists (
      select from registry.licence as l
      where l.operator_id = p_operator_id and l.gambling_type_id = r.gambling_type_id
    )
    order by r.gambling_type_id
  loop
    delete from rollup.open_bet_record as r
    where r.operator_id = p_operator_id and r.shard = ledger.shard() and r.month = p_month
      and r.gambling_type_id = rule.gambling_type_id;
    with found as materialized (
      select r.* from api.open_bet_records(p_operator_id, p_month, rule.gambling_type_id) as r
    ),
    kept as (
      insert into rollup.open_bet_record (
        operator_id, shard, month, gambling_type_id, currency, told, id, occurred_at
      )
      select
        p_operator_id, ledger.shard(), p_month, rule.gambling_type_id, r.currency, r.told, r.id, r.occurred_at
      from found as r
      where r.told <> 'possible'
    ),
    by_currency as (
      select
        r.currency,
        count(*) filter (where r.told = 'proven') as proven_count,
        sum(r.amount_minor) filter (where r.told = 'proven') as proven_minor,
        count(*) filter (where r.told = 'possible') as unresolved_count,
        sum(r.amount_minor) filter (where r.told = 'possible') as unresolved_minor,
        count(*) filter (where r.told = 'voided') as voided_count,
        sum(r.amount_minor) filter (where r.told = 'voided') as voided_minor,
        count(*) filter (where r.told = 'won') as won_count,
        sum(r.amount_minor) filter (where r.told = 'won') as won_minor
      from found as r
      group by r.currency
    )
    insert into rollup.open_bets as o (
      operator_id, shard, month, gambling_type_id, currency, proven_count, proven_minor,
      unresolved_count, unresolved_minor, voided_count, voided_minor, won_count, won_minor, final
    )
    select
      p_operator_id, ledger.shard(), p_month, rule.gambling_type_id, k.currency,
      coalesce(c.proven_count, 0), coalesce(c.proven_minor, 0), coalesce(c.unresolved_count, 0),
      coalesce(c.unresolved_minor, 0), coalesce(c.voided_count, 0), coalesce(c.voided_minor, 0),
      coalesce(c.won_count, 0), coalesce(c.won_minor, 0),
      transaction_timestamp() >= began + make_interval(days => rule.window_days) + interval '1 day'
    from (
      -- The hryvnia always, and whatever was measured before, so that nothing old is left standing.
      select 980::smallint as currency
      union select b.currency from by_currency as b
      union select m.currency from rollup.open_bets as m
      where m.operator_id = p_operator_id and m.month = p_month
        and m.gambling_type_id = rule.gambling_type_id
    ) as k
    left join by_currency as c on c.currency = k.currency
    on conflict (operator_id, shard, month, gambling_type_id, currency) do update set
      proven_count = excluded.proven_count, proven_minor = excluded.proven_minor,
      unresolved_count = excluded.unresolved_count, unresolved_minor = excluded.unresolved_minor,
      voided_count = excluded.voided_count, voided_minor = excluded.voided_minor,
      won_count = excluded.won_count, won_minor = excluded.won_minor,
      measured_at = transaction_timestamp(), final = excluded.final;
    get diagnostics done = row_count;
    written := written + done;
  end loop;
  return written;
end
$body$;
alter function rollup.measure_open_bets(integer, date) owner to dozir_writer;
comment on function rollup.measure_open_bets(integer, date) is
  'Measures an operator''s bets without a result as a month began, from raw rows round that moment.';
