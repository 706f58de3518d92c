create or replace function ledger.find_transactions(p_operator_id integer, p_ids uuid[])
  returns ledger.transaction[]
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- An operator's transactions by id, each once. An id carries its own time, so each day's ids are
-- looked up apart with plain bounds, planned for their values: only the chunks concerned are
-- touched, and ids of many days cost no more than as many of one.
declare
  day_from timestamptz;
  day_ids uuid[];
  found_rows ledger.transaction[] := array[]::ledger.transaction[];
begin
  for day_from, day_ids in
    select date_trunc('day', ledger.id_time(u.id), 'UTC'), array_agg(distinct u.id)
    from unnest(p_ids) as u (id)
    group by 1
  loop
    found_rows := found_rows || array(
      select t
      from unnest(day_ids) as u (id)
      join ledger.transaction as t
        on t.id = u.id and t.operator_id = p_operator_id and t.occurred_at = ledger.id_time(u.id)
      where t.occurred_at >= day_from and t.occurred_at < day_from + interval '1 day'
    );
  end loop;
  return found_rows;
end
$body$;
alter function ledger.find_transactions(integer, uuid[]) owner to dozir_writer;
comment on function ledger.find_transactions(integer, uuid[]) is
  'The transactions of an operator that have these ids.';
