create or replace function ledger.row_leaf(p_row ledger.transaction) returns bytea
  language sql stable parallel safe
-- Each part is the length of a field and its value, as COPY writes it; docs/ledger.md, "Rows".
begin atomic
  select sha256(
    '\x000014'::bytea
    || '\x00000008'::bytea || timestamptz_send((p_row).occurred_at)
    || '\x00000004'::bytea || int4send((p_row).operator_id)
    || '\x00000010'::bytea || uuid_send((p_row).id)
    || '\x00000008'::bytea || int8send((p_row).batch_id)
    || '\x00000004'::bytea || int4send((p_row).row_no)
    || '\x00000002'::bytea || int2send((p_row).type)
    || '\x00000008'::bytea || int8send((p_row).amount_minor)
    || '\x00000002'::bytea || int2send((p_row).currency)
    || '\x00000004'::bytea || int4send((p_row).licence_id)
    || '\x00000004'::bytea || int4send((p_row).channel_id)
    || '\x00000004'::bytea || int4send((p_row).equipment_id)
    || '\x00000004'::bytea || int4send((p_row).game_id)
    || '\x00000010'::bytea || uuid_send((p_row).round_id)
    || '\x00000010'::bytea || uuid_send((p_row).player)
    || '\x00000002'::bytea || int2send((p_row).payment)
    || '\x00000002'::bytea || int2send((p_row).flags)
    || '\x00000002'::bytea || int2send((p_row).breach)
    || '\x00000010'::bytea || uuid_send((p_row).cancels)
    || '\x00000002'::bytea || int2send((p_row).cancel_reason)
    || '\x00000010'::bytea || uuid_send((p_row).exclusion_receipt)
  );
end;
comment on function ledger.row_leaf(ledger.transaction) is
  'The leaf hash of a row: SHA-256 over a zero byte and its binary COPY tuple.';
