create or replace function ledger.record_cancellations(
  p_operator_id integer,
  p_batch_id bigint,
  p_rows integer[],
  p_ids uuid[],
  p_cancelled_ids uuid[]
) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Records which transactions a batch takes back. Each target must exist, be the operator's own, be
-- no cancellation itself, not be later than the record that takes it back, equal the cancelling record in type, amount, player and references, and
-- not be taken back already. Raises DZC01 with, in DETAIL, [{"row_no": …, "code": …}, …].
declare
  own ledger.transaction[] := ledger.find_transactions(p_operator_id, p_ids);
  targets ledger.transaction[] := ledger.find_transactions(p_operator_id, p_cancelled_ids);
  problems jsonb;
begin
  with recorded as (
    -- In key order, so that two batches that cancel the same records wait and do not deadlock.
    insert into ledger.cancellation (operator_id, cancelled_id, batch_id, row_no)
    select p_operator_id, u.cancelled_id, p_batch_id, u.row_no
    from unnest(p_rows, p_cancelled_ids) as u (row_no, cancelled_id)
    order by u.cancelled_id, u.row_no
    on conflict do nothing
    returning row_no
  ),
  judged as (
    select u.row_no,
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
    from unnest(p_rows, p_ids, p_cancelled_ids) as u (row_no, id, cancelled_id)
    join unnest(own) as o on o.id = u.id
    left join unnest(targets) as t on t.id = u.cancelled_id
    left join recorded as r on r.row_no = u.row_no
  )
  select jsonb_agg(jsonb_build_object('row_no', j.row_no, 'code', j.code) order by j.row_no)
  into problems
  from judged as j
  where j.code is not null;
  if problems is not null then
    raise exception using
      errcode = 'DZC01', message = 'cancellations that do not hold', detail = problems::text;
  end if;
end
$body$;
alter function ledger.record_cancellations(integer, bigint, integer[], uuid[], uuid[])
  owner to dozir_writer;
comment on function ledger.record_cancellations(integer, bigint, integer[], uuid[], uuid[]) is
  'Records the cancellations of one batch, or raises DZC01 naming each that does not hold.';
