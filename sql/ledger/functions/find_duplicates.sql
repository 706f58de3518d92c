create or replace function ledger.find_duplicates(p_operator_id integer, p_ids uuid[])
  returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select t.id from unnest(ledger.find_transactions(p_operator_id, p_ids)) as t;
end;
alter function ledger.find_duplicates(integer, uuid[]) owner to dozir_writer;
comment on function ledger.find_duplicates(integer, uuid[]) is
  'The ids among those given that are stored already; asked after a unique violation.';
