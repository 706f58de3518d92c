create or replace function registry.set_licence_fee(
  p_licence_kind_id smallint, p_amount_minor bigint, p_currency smallint, p_valid_from date, p_grounds text,
  p_source text default null
) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The fee for a year of a kind of licence from a day on; what held until then ends with that day.
--   p_source  where the amount was read; without one nobody can compare it
-- Raises DZR03 where a fee from that day or a later one is there already, DZW04 without grounds.
declare
  made integer;
begin
  perform identity.check_permission('fee.set');
  if coalesce(btrim(p_grounds), '') = '' then
    raise exception using errcode = 'DZW04', message = 'a fee names the act that sets it';
  end if;
  update registry.licence_fee as f set valid_until = p_valid_from
  where f.licence_kind_id = p_licence_kind_id and f.valid_until = 'infinity'
    and f.valid_from < p_valid_from;
  insert into registry.licence_fee (
    licence_kind_id, amount_minor, currency, valid_from, grounds, source, set_by
  ) values (
    p_licence_kind_id, p_amount_minor, p_currency, p_valid_from, btrim(p_grounds),
    nullif(btrim(p_source), ''), coalesce(nullif(current_setting('dozir.actor', true), ''), session_user)
  ) returning id into made;
  perform registry.enter_decision(null, 'licence_fee_set', jsonb_build_object(
    'fee', made, 'licence_kind', p_licence_kind_id, 'amount_minor', p_amount_minor,
    'currency', p_currency, 'valid_from', p_valid_from,
    'grounds_sha256', registry.text_hash(btrim(p_grounds)),
    'source_sha256', registry.text_hash(nullif(btrim(p_source), ''))));
  return made;
exception
  when exclusion_violation or check_violation or foreign_key_violation or not_null_violation then
    raise exception using errcode = 'DZR03', message = 'no such fee',
      detail = '[{"attribute": "valid_from", "code": "overlap"}]';
end
$body$;
alter function registry.set_licence_fee(smallint, bigint, smallint, date, text, text) owner to dozir_writer;
comment on function registry.set_licence_fee(smallint, bigint, smallint, date, text, text) is
  'Sets the yearly fee of a kind of licence from a day on.';
