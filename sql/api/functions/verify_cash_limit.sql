create or replace function api.verify_cash_limit(p_id integer, p_source text) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Somebody other than who set a limit has compared it with the text of the act, and says where that is.
-- Raises DZR01, DZW01 (verified or replaced already, or the caller's own; DETAIL: which), DZW04 (no source).
declare
  found registry.cash_limit;
  verifier constant text := coalesce(nullif(current_setting('dozir.actor', true), ''), session_user);
begin
  perform identity.check_permission('limit.verify');
  if btrim(coalesce(p_source, '')) = '' then
    raise exception using errcode = 'DZW04', message = 'a limit is compared with a source';
  end if;
  select * into found from registry.cash_limit as l where l.id = p_id for update;
  if found.id is null then
    raise exception using errcode = 'DZR01', message = 'no such limit';
  elsif found.verified_by is not null or found.set_by = verifier or found.replaced_at is not null then
    raise exception using errcode = 'DZW01', message = 'it is verified or replaced already, or the caller''s own',
      detail = jsonb_build_object('state', case when found.set_by = verifier then 'own' else 'over' end)::text;
  end if;
  update registry.cash_limit as l
  set source = btrim(p_source), verified_at = transaction_timestamp(), verified_by = verifier
  where l.id = p_id;
  perform registry.enter_decision(null, 'cash_limit_verified', jsonb_build_object(
    'limit', found.id, 'limit_kind', found.kind, 'source_sha256', registry.text_hash(btrim(p_source))));
end
$body$;
alter function api.verify_cash_limit(integer, text) owner to dozir_writer;
comment on function api.verify_cash_limit(integer, text) is
  'A second official has compared a limit with the act that sets it.';
