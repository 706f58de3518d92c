create or replace function api.claim_subscription(p_stale_seconds integer) returns table (
    id bigint, attempt integer, person_id integer, role text, operator_id integer, name_uk text,
    name_en text, organisation_uk text, organisation_en text, name text, target text, parameters jsonb,
    every text, language text, by_mail boolean, email text, due_at timestamptz
  )
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select
    f.id, f.attempt, f.person_id, f.role, f.operator_id, f.name_uk, f.name_en, f.organisation_uk,
    f.organisation_en, f.name, f.target, f.parameters, f.every, f.language, f.by_mail, f.email, f.due_at
  from identity.claim_subscription(p_stale_seconds) as f;
end;
alter function api.claim_subscription(integer) owner to dozir_writer;
comment on function api.claim_subscription(integer) is
  'For the runner: the subscription that is to be delivered next, if any.';
