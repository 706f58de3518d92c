create or replace function ledger.append_document(
  p_kind smallint,
  p_operator_id integer,
  p_document jsonb
) returns bytea
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Enters a refusal, a decision, an audit record, a retention act or a restoration: a JSON document.
-- The bytes of its text are what is hashed and kept. Returns the entry's hash.
declare
  appended record;
begin
  select a.hash into appended
  from ledger.append_entry(
    p_kind, coalesce(p_operator_id, 0),
    coalesce((select o.code from registry.operator as o where o.id = p_operator_id), ''),
    null, convert_to(p_document::text, 'UTF8')) as a;
  return appended.hash;
end
$body$;
alter function ledger.append_document(smallint, integer, jsonb) owner to dozir_writer;
comment on function ledger.append_document(smallint, integer, jsonb) is
  'Enters a JSON document into the log: whatever is no batch.';
