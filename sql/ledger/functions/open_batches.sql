create or replace function ledger.open_batches(
  p_access_key_ids integer[],
  p_idempotency_keys uuid[],
  p_body_sha256s bytea[],
  p_streams text[],
  p_stream_sequences bigint[],
  p_codes_versions bigint[],
  p_addresses text[] default null
) returns table (
  place integer,
  refusal text,
  batch_id bigint,
  received_us bigint,
  oldest_us bigint,
  codes jsonb,
  receipt bytea
)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- First statement of the transaction that stores one batch or several together. The parallel arrays
-- have an element for each batch; no idempotency key of an operator may occur twice among them, as
-- a session gets its own lock a second time. Decides for each batch whether its key may submit now,
-- claims its idempotency key until the end of the transaction, and answers one row, in their order:
--   refusal      why it may not be stored (SQLSTATE): DZK01-08 (key), DZI01 (in flight), DZI02 (other
--                body), DZS01 (sequence missing), DZS02 (sequence taken); the others are not touched
--   batch_id     null when refused, or when this very batch is stored already: then receipt holds its
--                receipt
--   received_us  the batches' moment of arrival (microseconds since 2000)
--   oldest_us    nothing older is accepted
--   codes        ledger.operator_codes, with an operator's first batch alone, and only if the
--                caller's version is not the current one
-- Each look-up is LATERAL with a LIMIT: one probe of an index for each batch, whatever the planner
-- thinks of a table that was empty when it looked.
declare
  claimed boolean[];
begin
  -- Shared lock on each key, then its re-reading by a later statement: revocation takes the exclusive
  -- lock, so that no batch commits after it has returned.
  perform pg_advisory_xact_lock_shared(1, u.id)
  from (select distinct k from unnest(p_access_key_ids) as a (k) order by k) as u (id);
  -- Archiving takes this lock exclusively before it drops days.
  perform pg_advisory_xact_lock_shared(2, 0);
  select array_agg(
    pg_try_advisory_xact_lock(hashtextextended(u.idempotency_key::text, k.operator_id))
    order by u.place
  ) into claimed
  from unnest(p_access_key_ids, p_idempotency_keys)
    with ordinality as u (access_key_id, idempotency_key, place)
  left join lateral (
    select a.operator_id from registry.access_key as a where a.id = u.access_key_id limit 1
  ) as k on true;
  -- A statement of its own: what committed before the claim is visible to it.
  for
    place, refusal, batch_id, received_us, oldest_us, codes, receipt
  in with asked as (
    select
      u.place::integer as place, (k.own).operator_id as operator_id, b.body_sha256 as stored_sha256,
      b.receipt, u.codes_version,
      coalesce(
        ledger.access_key_refusal(k.own, o.own, 'submit', u.address::inet),
        case
          when not claimed[u.place] then 'DZI01'
          when b.body_sha256 <> u.body_sha256 then 'DZI02'
          when b.body_sha256 is not null then null
          when u.stream_sequence is null and not (k.own).manual then 'DZS01'
          when s.taken then 'DZS02'
        end
      ) as refusal
    from unnest(
      p_access_key_ids, p_idempotency_keys, p_body_sha256s, p_streams, p_stream_sequences,
      p_codes_versions, p_addresses
    ) with ordinality as u (
      access_key_id, idempotency_key, body_sha256, stream, stream_sequence, codes_version, address,
      place
    )
    left join lateral (
      select a as own from registry.access_key as a where a.id = u.access_key_id limit 1
    ) as k on true
    left join lateral (
      select r as own from registry.operator as r where r.id = (k.own).operator_id limit 1
    ) as o on true
    left join lateral (
      select stored.body_sha256, stored.receipt
      from ledger.batch as stored
      where stored.operator_id = (k.own).operator_id
        and stored.idempotency_key = u.idempotency_key
      limit 1
    ) as b on true
    left join lateral (
      select true as taken
      from ledger.batch as other
      where other.operator_id = (k.own).operator_id
        and other.stream = u.stream and other.stream_sequence = u.stream_sequence
      limit 1
    ) as s on true
  ),
  operators as (
    select
      a.operator_id, min(a.place) as first_place,
      ledger.oldest_accepted(a.operator_id) as oldest_us,
      (
        select v.version from registry.operator_version as v where v.operator_id = a.operator_id
      ) as version
    from asked as a
    where a.refusal is null and a.stored_sha256 is null
    group by a.operator_id
  )
  select
    a.place, a.refusal,
    case when o.operator_id is not null then nextval('ledger.batch_id') end,
    ledger.microseconds(transaction_timestamp()), o.oldest_us,
    case
      when a.place = o.first_place
        and (a.codes_version is null or a.codes_version is distinct from o.version)
        then ledger.operator_codes(a.operator_id)
    end,
    case when a.refusal is null then a.receipt end
  from asked as a
  left join operators as o
    on o.operator_id = a.operator_id and a.refusal is null and a.stored_sha256 is null
  order by a.place
  loop
    if receipt is not null then
      -- Its first commit may have been local only (its wait for a standby cancelled): this record
      -- makes the replay's own commit wait in turn before the receipt is handed out.
      perform pg_logical_emit_message(true, 'dozir.replay', '');
    end if;
    return next;
  end loop;
end
$body$;
alter function ledger.open_batches(integer[], uuid[], bytea[], text[], bigint[], bigint[], text[])
  owner to dozir_writer;
comment on function ledger.open_batches(integer[], uuid[], bytea[], text[], bigint[], bigint[], text[]) is
  'Opens batches that commit together: keys, idempotency, batch ids, codes. First statement of the '
  'storing transaction.';
