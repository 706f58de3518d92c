create or replace function ledger.oldest_accepted(p_operator_id integer) returns bigint
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select greatest(
    coalesce(
      ledger.microseconds((
        select min(l.valid_from) from registry.licence as l where l.operator_id = p_operator_id
      )),
      ledger.microseconds(transaction_timestamp())
    ),
    coalesce(ledger.microseconds((select max(a.archived_until) from ledger.archive as a)), 0)
  );
end;
alter function ledger.oldest_accepted(integer) owner to dozir_writer;
comment on function ledger.oldest_accepted(integer) is
  'The first moment (microseconds since 2000) from which an operator''s records are accepted: its '
  'first licence or the archive horizon.';
