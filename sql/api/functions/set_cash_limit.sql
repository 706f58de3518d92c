create or replace function api.set_cash_limit(
  p_kind text, p_valid_from date, p_value bigint, p_act text, p_source text default null
) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- From which amount (kopiykas) or share (millionths) deposits or accounts are counted apart, from a day on; null:
-- from that day none is. What held from the same day before stays to be read. Closed days concerned are counted
-- anew by maintenance.close_cash. Raises DZR03 for what cannot be (DETAIL: which), DZW04 without an act.
declare
  made integer;
begin
  perform identity.check_permission('limit.set');
  if btrim(coalesce(p_act, '')) = '' then
    raise exception using errcode = 'DZW04', message = 'a limit names the act that sets it';
  end if;
  update registry.cash_limit as l set replaced_at = clock_timestamp()
  where l.kind = p_kind and l.valid_from = p_valid_from and l.replaced_at is null;
  insert into registry.cash_limit (kind, valid_from, value, act, source, set_by)
  values (
    p_kind, p_valid_from, p_value, btrim(p_act), nullif(btrim(p_source), ''),
    coalesce(nullif(current_setting('dozir.actor', true), ''), session_user)
  ) returning id into made;
  perform registry.enter_decision(null, 'cash_limit_set', jsonb_build_object(
    'limit', made, 'limit_kind', p_kind, 'valid_from', p_valid_from, 'value', p_value,
    'act_sha256', registry.text_hash(btrim(p_act))));
  return made;
exception
  when check_violation or not_null_violation then
    raise exception using errcode = 'DZR03', message = 'no such limit',
      detail = '[{"attribute": "value", "code": "range"}]';
end
$body$;
alter function api.set_cash_limit(text, date, bigint, text, text) owner to dozir_writer;
comment on function api.set_cash_limit(text, date, bigint, text, text) is
  'Sets from which amount or share cash flow is counted apart, from a day on.';
