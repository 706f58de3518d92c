create or replace function ledger.keep_checkpoint(
  p_size bigint,
  p_root bytea,
  p_note text
) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $body$
-- The sequencer keeps fewer of the older checkpoints. One that somebody else has just signed comes
-- back here. Raises DZL03 where the database knows another root of this size.
begin
  insert into ledger.checkpoint as c (size, root, note, signed_at)
  values (p_size, p_root, p_note, transaction_timestamp())
  on conflict (size) do nothing;
  perform from ledger.checkpoint as c where c.size = p_size and c.root = p_root;
  if not found then
    raise exception using errcode = 'DZL03', message = 'another root of this size was published';
  end if;
end
$body$;
comment on function ledger.keep_checkpoint(bigint, bytea, text) is
  'Makes sure that a checkpoint is there of which something is recorded.';
