create or replace function api.claim_export(p_stale_seconds integer) returns table (
    id uuid, attempt integer, person_id integer, role text, operator_id integer, name_uk text,
    name_en text, organisation_uk text, organisation_en text, language text, source text,
    arguments jsonb, format text, request_id text
  )
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select
    j.id, j.attempt, j.person_id, j.role, j.operator_id, j.name_uk, j.name_en, j.organisation_uk,
    j.organisation_en, j.language, j.source, j.arguments, j.format, j.request_id
  from audit.claim_export(p_stale_seconds) as j;
end;
alter function api.claim_export(integer) owner to dozir_writer;
comment on function api.claim_export(integer) is
  'For the runner: the file that is to be made next, if any.';
