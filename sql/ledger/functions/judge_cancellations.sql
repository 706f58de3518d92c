create or replace function ledger.judge_cancellations(
  p_own ledger.transaction[],
  p_targets ledger.transaction[],
  p_recorded integer[]
) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $body$
-- What does not hold of the records that take others back (p_own, whose batch is being stored or
-- only checked): [{"row_no": …, "code": …}, …], null when all hold. Each target must exist, be no
-- cancellation itself, not be later than the record that takes it back, equal it in type, amount,
-- player and references, and not be taken back already: p_recorded are the rows that are the first
-- to do so.
declare
  problems jsonb;
begin
  select jsonb_agg(jsonb_build_object('row_no', j.row_no, 'code', j.code) order by j.row_no)
  into problems
  from (
    select o.row_no,
      case
        when t.id is null then 'cancelled_not_found'
        when t.cancel_reason <> 0 then 'cancelled_is_cancellation'
        when o.occurred_at < t.occurred_at then 'cancelled_is_later'
        when (o.type, o.amount_minor, o.currency, o.licence_id, o.channel_id, o.equipment_id,
              o.game_id, o.round_id, o.player, o.payment, o.flags)
          is distinct from
             (t.type, t.amount_minor, t.currency, t.licence_id, t.channel_id, t.equipment_id,
              t.game_id, t.round_id, t.player, t.payment, t.flags)
          then 'cancelled_differs'
        when r.row_no is null then 'already_cancelled'
      end as code
    from unnest(p_own) as o
    left join unnest(p_targets) as t on t.id = o.cancels
    left join unnest(p_recorded) as r (row_no) on r.row_no = o.row_no
  ) as j
  where j.code is not null;
  return problems;
end
$body$;
alter function ledger.judge_cancellations(ledger.transaction[], ledger.transaction[], integer[])
  owner to dozir_writer;
comment on function ledger.judge_cancellations(
  ledger.transaction[], ledger.transaction[], integer[]
) is 'Which cancellations of a batch that is stored or only checked do not hold, and why.';
