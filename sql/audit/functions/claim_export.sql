create or replace function audit.claim_export(p_stale_seconds integer) returns table (
    id uuid, attempt integer, person_id integer, role text, operator_id integer, name_uk text,
    name_en text, organisation_uk text, organisation_en text, language text, source text,
    arguments jsonb, format text, request_id text
  )
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The oldest that waits, or whose runner has not been heard of for so long. It is made with the
-- rights that the person has now: whoever left or changed office since gets nothing. Three runners
-- that died of the same file are enough.
declare
  picked record;
begin
  loop
    select j.id, j.attempt, p.id is not null as entitled into picked
    from audit.export_job as j
    left join identity.person as p
      on p.id = j.person_id and p.role = j.role and p.operator_id is not distinct from j.operator_id
      and p.active_from <= transaction_timestamp() and transaction_timestamp() < p.active_until
      and (not p.demo or exists (select from identity.mode as m where m.demo))
    where j.state = 'waiting'
      or (
        j.state = 'running'
        and j.beat_at < clock_timestamp() - make_interval(secs => p_stale_seconds))
    order by j.requested_at, j.id
    limit 1
    for no key update of j skip locked;
    exit when not found;
    if picked.entitled and picked.attempt < 3 then
      return query
      update audit.export_job as j
      set state = 'running', attempt = j.attempt + 1, rows_done = 0, beat_at = clock_timestamp(),
        started_at = coalesce(j.started_at, clock_timestamp())
      from identity.person as p
      where j.id = picked.id and p.id = j.person_id
      returning
        j.id, j.attempt, j.person_id, j.role, j.operator_id, p.name_uk, p.name_en,
        p.organisation_uk, p.organisation_en, j.language, j.source, j.arguments, j.format,
        j.request_id;
      return;
    end if;
    update audit.export_job as j
    set state = 'failed', ended_at = clock_timestamp(),
      problem = case when picked.entitled then 'gave_up' else 'no_rights' end
    where j.id = picked.id;
  end loop;
end
$body$;
alter function audit.claim_export(integer) owner to dozir_writer;
comment on function audit.claim_export(integer) is
  'For the runner: the file that is to be made next, if any.';
