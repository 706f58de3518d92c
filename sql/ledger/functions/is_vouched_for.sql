create or replace function ledger.is_vouched_for(p_size bigint) returns boolean
  language sql stable parallel safe
  set search_path = pg_catalog, pg_temp
as $body$
  select
    exists (select from ledger.cosignature as c where c.size = p_size)
    or exists (select from ledger.timestamp_token as t where t.size = p_size)
$body$;
comment on function ledger.is_vouched_for(bigint) is
  'Whether a witness or a time-stamping authority signed the checkpoint of this size.';
