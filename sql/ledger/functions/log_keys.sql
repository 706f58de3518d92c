create or replace function ledger.log_keys()
  returns table (vkey text, purpose text, valid_from timestamptz, valid_until timestamptz)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  return query select k.vkey, k.purpose, k.valid_from, k.valid_until from ledger.log_key as k;
end
$body$;
alter function ledger.log_keys() owner to dozir_writer;
comment on function ledger.log_keys() is 'For the sequencer: the public keys that were noted.';
