create or replace function maintenance.raise_missing() returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Of yesterday in Kyiv: operators that had a live key all day and from whom no batch came. To each of
-- them its own, to officials how many they are.
declare
  day constant date := (transaction_timestamp() at time zone 'Europe/Kyiv')::date - 1;
  day_from constant timestamptz := day::timestamp at time zone 'Europe/Kyiv';
  day_until constant timestamptz := (day + 1)::timestamp at time zone 'Europe/Kyiv';
  silent integer[];
  leads_to constant jsonb := jsonb_build_object(
    'path', '{}'::jsonb,
    'query', jsonb_build_object(
      'time', jsonb_build_array('received'), 'from', jsonb_build_array(day), 'to', jsonb_build_array(day)));
  told bigint;
begin
  silent := array(
    select o.id from registry.operator as o
    where o.active_from <= day_from and o.active_until > day_until
      and exists (
        select from registry.access_key as k
        where k.operator_id = o.id and k.mode = 'live' and 'submit' = any (k.scopes)
          and k.created_at <= day_from and k.revoked_at is null and k.expires_at > day_until)
      and not exists (
        select from rollup.ingest_hour as i
        where i.operator_id = o.id and i.hour >= day_from and i.hour < day_until and i.batch_count > 0)
    order by o.id);
  select count(identity.add_notice(
    p.id, 'data_missing', day::text, jsonb_build_object('day_on', day), 'ledger.batches', leads_to))
  into told
  from identity.person as p
  where p.role = 'operator' and p.operator_id = any (silent);
  if cardinality(silent) > 0 then
    told := told + (
      select count(identity.add_notice(
        p.id, 'data_missing_market', day::text,
        jsonb_build_object('day_on', day, 'number', cardinality(silent)), 'registry.operators',
        '{"path": {}, "query": {}}'))
      from identity.person as p where p.role = 'regulator');
  end if;
  return told;
end
$body$;
alter function maintenance.raise_missing() owner to dozir_writer;
comment on function maintenance.raise_missing() is
  'Tells of operators from whom nothing came yesterday; how many notices.';
