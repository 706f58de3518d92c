create or replace function registry.enter_decision(
  p_operator_id integer, p_decision text, p_facts jsonb
) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- A decision of the registry enters the log, in the transaction that carries it out: what was decided,
-- when, by whom, in which role. Free texts, which may name people, are there as hashes.
begin
  perform ledger.append_document(4::smallint, p_operator_id, jsonb_strip_nulls(jsonb_build_object(
    'decision', p_decision,
    'decided_at', ledger.rfc3339(transaction_timestamp()),
    'actor', coalesce(nullif(current_setting('dozir.actor', true), ''), session_user),
    'role', registry.caller_role()
  ) || p_facts));
  perform audit.note(
    case
      when p_decision = 'key_created' and p_facts ? 'replaces' then 'key_rotated'
      when p_decision = 'key_created' then 'key_issued'
      when p_decision like 'key\_%' then p_decision
      when p_decision like 'appointment\_%' then 'appointment'
      when p_decision like 'equipment\_%' then 'equipment'
      when p_decision like 'licence\_fee\_%' then 'fee'
      when p_decision like 'licence\_%' or p_decision like 'suspension\_%' then 'licence'
      when p_decision like 'tax\_rate\_%' then 'tax_rate'
      when p_decision like 'tax\_payment\_%' then 'tax_payment'
      else 'decision'
    end,
    o.object, o.object_id, jsonb_build_object('decision', p_decision) || coalesce((
      -- What the log keeps only the hash of is no fact to read.
      select jsonb_object_agg(f.key, f.value) from jsonb_each(jsonb_strip_nulls(p_facts)) as f
      where f.key not like '%\_sha256'), '{}'),
    case when p_operator_id is not null then array[p_operator_id] end)
  from (values
    (1, 'access_key', p_facts ->> 'access_key'),
    (2, 'equipment', p_facts ->> 'equipment'),
    (3, 'licence', p_facts ->> 'licence'),
    (4, 'licence_fee', p_facts ->> 'fee'),
    (5, p_facts ->> 'kind', p_facts ->> 'record'),
    (6, case when p_decision like 'tax\_rate\_%' then 'tax_rate' else 'change' end, p_facts ->> 'change'),
    (7, 'organiser', p_operator_id::text),
    (8, 'connection_deadline', p_facts ->> 'deadline'),
    (9, 'cash_limit', p_facts ->> 'limit'),
    (0, 'tax_payment', p_facts ->> 'payment')
  ) as o (place, object, object_id)
  where o.object_id is not null
  order by o.place
  limit 1;
end
$body$;
alter function registry.enter_decision(integer, text, jsonb) owner to dozir_writer;
comment on function registry.enter_decision(integer, text, jsonb) is
  'Enters a decision of the registry into the log.';
