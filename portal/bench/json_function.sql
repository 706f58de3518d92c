-- The JSON-taking function that people write instead of a gateway: the same bodies as over HTTP, into
-- the same table under the same trigger. It resolves codes because the table's columns demand it, and
-- checks nothing else: no key, no idempotency, no rule about any record, no receipt.
create schema bench;
grant usage on schema bench to dozir_ingest;
create function bench.insert_json(p_operator_id integer, p_batch_id bigint, p_body json) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  insert into ledger.transaction (
    occurred_at, operator_id, id, batch_id, row_no, type, amount_minor, currency, licence_id,
    channel_id, equipment_id, game_id, round_id, player, payment, flags, breach, cancels,
    cancel_reason, exclusion_receipt
  )
  select
    r.occurred_at, p_operator_id, r.id, p_batch_id, r.row_no::integer,
    array_position(array['bet', 'win', 'refund', 'deposit', 'withdrawal'], r.type)::smallint,
    (r.amount * 10 ^ c.minor_digits)::bigint, c.id, l.id,
    ch.id, coalesce(e.id, 0), coalesce(g.id, 0),
    coalesce(r.round_id, '00000000-0000-0000-0000-000000000000'), r.player,
    array_position(
      array['cash', 'card', 'bank_transfer', 'e_wallet', 'balance', 'chips'], r.payment
    )::smallint,
    coalesce(r.bonus, false)::integer::smallint, 0::smallint,
    '00000000-0000-0000-0000-000000000000', 0::smallint, '00000000-0000-0000-0000-000000000000'
  from rows from (
    json_to_recordset(p_body) as (
      id uuid, type text, occurred_at timestamptz, amount numeric, currency text, licence text,
      channel text, equipment text, game text, round_id uuid, player uuid, payment text,
      bonus boolean
    )
  ) with ordinality as r (
    id, type, occurred_at, amount, currency, licence, channel, equipment, game, round_id, player,
    payment, bonus, row_no
  )
  join registry.currency as c on c.code = r.currency
  join registry.licence as l on l.number = r.licence and l.operator_id = p_operator_id
  join registry.channel as ch on ch.code = r.channel and ch.operator_id = p_operator_id
  left join registry.equipment as e on e.code = r.equipment and e.operator_id = p_operator_id
  left join registry.game as g on g.code = r.game and g.operator_id = p_operator_id;
end
$body$;
alter function bench.insert_json(integer, bigint, json) owner to dozir_migrator;
comment on function bench.insert_json(integer, bigint, json) is
  'What ingest is measured beside: json_to_recordset into ledger.transaction.';
