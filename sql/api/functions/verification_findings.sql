create or replace function api.verification_findings()
  returns table (
    kind text, operator_code text, batch_id bigint, row_no integer, column_name text,
    entry_id bigint, leaf_index bigint, checkpoint_size bigint, why text
  )
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- What the verifier's last run found, the first hundred: for the regulator and the auditor. Which
-- values stand there and which must is left out: one may be a player's pseudonym.
begin
  if registry.caller_role() not in ('regulator', 'auditor') then
    return;
  end if;
  return query
  select
    f.document ->> 'kind', f.document ->> 'operator', (f.document ->> 'batch')::bigint,
    (f.document ->> 'row')::integer, f.document ->> 'column', (f.document ->> 'entry')::bigint,
    (f.document ->> 'leaf')::bigint, (f.document ->> 'checkpoint')::bigint,
    -- Of a figure that does not hold: which one, and of what.
    concat(
      'event ' || (f.document ->> 'event') || ': ',
      coalesce(f.document ->> 'why', concat_ws(' ', f.document ->> 'object', f.document ->> 'key')))
  from (select v.findings from ledger.verification as v order by v.id desc limit 1) as newest
  cross join jsonb_array_elements(newest.findings) with ordinality as f (document, place)
  order by f.place;
end
$body$;
alter function api.verification_findings() owner to dozir_writer;
comment on function api.verification_findings() is
  'What the verifier''s last run found, by kind and place, for the regulator and the auditor.';
