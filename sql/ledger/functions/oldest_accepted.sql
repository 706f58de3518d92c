create or replace function ledger.oldest_accepted(p_operator_id integer) returns bigint
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- In plpgsql, where its plan is kept, and with variables, as microseconds() is not inlined round a
-- sub-select: it runs for every batch.
declare
  licensed constant timestamptz := (
    select min(l.valid_from) from registry.licence as l where l.operator_id = p_operator_id
  );
  archived constant timestamptz := (select max(a.archived_until) from ledger.archive as a);
begin
  return greatest(
    ledger.microseconds(coalesce(licensed, transaction_timestamp())),
    coalesce(ledger.microseconds(archived), 0)
  );
end
$body$;
alter function ledger.oldest_accepted(integer) owner to dozir_writer;
comment on function ledger.oldest_accepted(integer) is
  'The first moment (microseconds since 2000) from which an operator''s records are accepted: its '
  'first licence or the archive horizon.';
