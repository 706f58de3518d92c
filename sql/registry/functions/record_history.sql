create or replace function registry.record_history() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Writes what changed in one registered record. The HMAC of a key's secret stays out of history.
declare
  old_row jsonb := case when tg_op = 'UPDATE' then to_jsonb(old) - 'secret_hmac' end;
  new_row jsonb := to_jsonb(new) - 'secret_hmac';
begin
  if old_row is not distinct from new_row then
    return null;
  end if;
  insert into registry.history (
    actor, table_name, record_id, operator_id, operation, before, after, change_id, reason
  )
  values (
    coalesce(nullif(current_setting('dozir.actor', true), ''), session_user),
    tg_table_name,
    coalesce(new_row ->> 'id', new_row ->> 'channel_id')::integer,
    coalesce(new_row ->> 'operator_id', new_row ->> 'id')::integer,
    lower(tg_op), old_row, new_row,
    nullif(current_setting('dozir.change_id', true), '')::bigint,
    nullif(current_setting('dozir.reason', true), '')
  );
  return null;
end
$body$;
alter function registry.record_history() owner to dozir_writer;
comment on function registry.record_history() is 'Row trigger: who changed what, when, from what to what.';
