create or replace function maintenance.note_verification(p_run bigint) returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- What the verifier found since this run began: each becomes a finding of the run, at most 100. The
-- verifier is a program of its own, which the runner starts before it calls the job.
-- Raises DZM05 where it has recorded nothing.
declare
  verified ledger.verification%rowtype;
begin
  select v.* into verified
  from ledger.verification as v
  join maintenance.run as r on r.id = p_run
  where v.ended_at >= r.started_at
  order by v.id desc
  limit 1;
  if not found then
    raise exception using errcode = 'DZM05', message = 'the verifier did not come to its end';
  end if;
  insert into maintenance.finding (run_id, object, found, detail)
  select
    p_run,
    'ledger ' || coalesce('batch ' || (f.value ->> 'batch'), f.value ->> 'object', 'log'),
    coalesce(nullif(f.value ->> 'kind', 'difference'), 'stored figures differ'), f.value
  from jsonb_array_elements(verified.findings) with ordinality as f (value, place)
  order by f.place
  limit 100;
  return verified.finding_count;
end
$body$;
alter function maintenance.note_verification(bigint) owner to dozir_writer;
comment on function maintenance.note_verification(bigint) is
  'Notes what the verifier found since a run began as findings of it; returns how many there are.';
