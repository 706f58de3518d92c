create or replace function api.set_deadline(
  p_step text, p_due_on date, p_days_after integer, p_act text, p_source text default null
) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- By when a step of connecting is due, from now on: on a day, or so many days after a licensee's first
-- licence. What was set before stays to be read. Raises DZR03 for what cannot be (DETAIL: which), DZW04
-- without an act.
declare
  made integer;
begin
  perform identity.check_permission('deadline.set');
  if btrim(coalesce(p_act, '')) = '' then
    raise exception using errcode = 'DZW04', message = 'a deadline names the act that sets it';
  end if;
  update registry.connection_deadline as d set replaced_at = clock_timestamp()
  where d.step = p_step and d.replaced_at is null;
  insert into registry.connection_deadline (step, due_on, days_after, act, source, set_by)
  values (
    p_step, p_due_on, p_days_after, btrim(p_act), nullif(btrim(p_source), ''),
    coalesce(nullif(current_setting('dozir.actor', true), ''), session_user)
  ) returning id into made;
  perform registry.enter_decision(null, 'deadline_set', jsonb_build_object(
    'deadline', made, 'step', p_step, 'due_on', p_due_on, 'days_after', p_days_after,
    'act_sha256', registry.text_hash(btrim(p_act))));
  return made;
exception
  when check_violation or not_null_violation then
    raise exception using errcode = 'DZR03', message = 'no such deadline',
      detail = '[{"attribute": "due_on", "code": "range"}]';
end
$body$;
alter function api.set_deadline(text, date, integer, text, text) owner to dozir_writer;
comment on function api.set_deadline(text, date, integer, text, text) is
  'Sets by when a step of connecting is due.';
