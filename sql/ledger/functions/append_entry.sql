create or replace function ledger.append_entry(
  p_kind smallint,
  p_operator_id integer,
  p_operator_code text,
  p_previous bytea,
  p_body bytea,
  out id bigint,
  out hash bytea,
  out entry bytea
)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The one way into the log: an entry around a body, in the transaction that writes what it tells of.
--   p_kind         see docs/ledger.md
--   p_operator_id  and its registered code; 0 and '' where no operator is concerned
--   p_previous     hash of the entry of the operator's previous batch; null where there is none
-- Raises DZL01 while the database has no log.
declare
  log_origin text;
begin
  select l.origin into log_origin from ledger.log as l;
  if not found then
    raise exception using errcode = 'DZL01', message = 'the database has no log';
  end if;
  id := nextval('ledger.entry_id');
  entry := convert_to('dozir-entry/v1' || chr(10), 'UTF8')
    || substring(int2send(p_kind) from 2 for 1) || ledger.short_text(log_origin)
    || ledger.unix_moment(transaction_timestamp()) || ledger.short_text(p_operator_code)
    || coalesce(p_previous, decode(repeat('00', 32), 'hex')) || p_body;
  hash := sha256(entry);
  insert into ledger.entry (id, kind, operator_id, entered_at, hash, entry)
  values (id, p_kind, p_operator_id, transaction_timestamp(), hash, entry);
  insert into ledger.unsequenced (entry_id) values (id);
end
$body$;
alter function ledger.append_entry(smallint, integer, text, bytea, bytea) owner to dozir_writer;
comment on function ledger.append_entry(smallint, integer, text, bytea, bytea) is
  'Appends an entry to the log: the one way in, for batches and for everything else.';
