create or replace function api.end_delivery(
  p_id bigint, p_attempt integer, p_outcome text, p_facts jsonb, p_target text, p_parameters jsonb,
  p_mail uuid
) returns bigint
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select identity.end_delivery(p_id, p_attempt, p_outcome, p_facts, p_target, p_parameters, p_mail);
end;
alter function api.end_delivery(bigint, integer, text, jsonb, text, jsonb, uuid) owner to dozir_writer;
comment on function api.end_delivery(bigint, integer, text, jsonb, text, jsonb, uuid) is
  'For the runner: a subscription was delivered, or why not; its number in the log.';
