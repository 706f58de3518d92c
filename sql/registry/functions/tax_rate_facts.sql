create or replace function registry.tax_rate_facts(p_change_id bigint) returns jsonb
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- What the log keeps of a proposal; free texts as hashes.
begin
  return (
    select jsonb_build_object(
      'change', c.id, 'action', c.action, 'kind', c.kind, 'tax_class', c.tax_class,
      'rate_ppm', c.rate_ppm, 'base', c.base, 'loss_rule', c.loss_rule, 'valid_from', c.valid_from,
      'valid_until', c.valid_until, 'act_sha256', registry.text_hash(c.act),
      'source_sha256', registry.text_hash(c.source), 'reason_sha256', registry.text_hash(c.reason),
      'proposed_by', c.proposed_by,
      'decision_reason_sha256', registry.text_hash(c.decision_reason))
    from registry.tax_rate_change as c where c.id = p_change_id
  );
end
$body$;
alter function registry.tax_rate_facts(bigint) owner to dozir_writer;
comment on function registry.tax_rate_facts(bigint) is 'What the log keeps of a proposed rate.';
