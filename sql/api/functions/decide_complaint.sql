create or replace function api.decide_complaint(p_id bigint, p_state text, p_answer text) returns text
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Takes a complaint up, or ends it: blocked (the address is on the list) or rejected. Its number. The
-- answer is what whoever complained reads. Raises DZR01 for none, DZW01 where its state does not allow it or
-- the address is not blocked, DZW04 without an answer.
declare
  found blocking.complaint;
begin
  perform identity.check_permission('registry.decide');
  select * into found from blocking.complaint as c where c.id = p_id for update;
  if found.id is null then
    raise exception using errcode = 'DZR01', message = 'no such complaint';
  elsif p_state is null or p_state not in ('taken', 'blocked', 'rejected')
    or found.state in ('blocked', 'rejected', p_state)
    or (p_state = 'blocked' and found.about = 'site' and not exists (
      select from open_data.site_verdict(blocking.host_of(found.address), found.address) as v
      where v.verdict = 'blocked'))
  then
    raise exception using errcode = 'DZW01', message = 'its state does not allow it';
  elsif p_state <> 'taken' and btrim(coalesce(p_answer, '')) = '' then
    raise exception using errcode = 'DZW04', message = 'an answer is needed';
  end if;
  update blocking.complaint as c
  set
    state = p_state, answer = btrim(coalesce(p_answer, '')), decided_by = registry.own_person(),
    decided_at = case when p_state <> 'taken' then transaction_timestamp() end
  where c.id = p_id;
  perform audit.note('decision', 'complaint', p_id::text,
    jsonb_build_object('decision', 'complaint_' || p_state));
  return found.number;
end
$body$;
alter function api.decide_complaint(bigint, text, text) owner to dozir_writer;
comment on function api.decide_complaint(bigint, text, text) is
  'Takes a complaint up, or ends it with an answer.';
