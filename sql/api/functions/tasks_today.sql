create or replace function api.tasks_today()
  returns table (
    kind text, severity smallint, operator_id integer, subject text, quantity bigint,
    since timestamptz, facts jsonb
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- What waits for whoever asks, by the role asked as and under its row-level security.
--   severity 1 act now, 2 look into it, 3 know; operator_id 0 where it is nobody's own
--   subject  what of the operator's it is about: a licence number, a key's label, a breach bit, …
--   quantity, since, facts: how many, from when, and what else a kind tells (see the functions named)
declare
  kinds constant text[] := case current_user
    when 'regulator' then array['silence', 'refusals', 'late', 'gaps', 'breaches', 'licences', 'waiting']
    when 'tax_service' then array['yesterday', 'breaches']
    when 'registrar' then array['licences', 'keys', 'unused', 'waiting']
    when 'auditor' then array['changes', 'gaps', 'breaches']
    when 'operator' then
      array[
        'silence', 'refusals', 'late', 'gaps', 'breaches', 'licences', 'keys', 'unused', 'returned'
      ]
    else '{}'
  end;
begin
  if kinds && array['silence', 'refusals', 'late'] then
    return query select * from api.tasks_of_arrival(kinds);
  end if;
  if 'gaps' = any (kinds) then
    return query select * from api.tasks_of_streams();
  end if;
  if kinds && array['breaches', 'yesterday'] then
    return query select * from api.tasks_of_money(kinds);
  end if;
  if kinds && array['licences', 'keys', 'unused', 'changes', 'waiting', 'returned'] then
    return query select * from api.tasks_of_registry(kinds);
  end if;
end
$body$;
comment on function api.tasks_today() is
  'What waits for the caller today, by role: kind, severity, whose, subject, how many, since when.';
