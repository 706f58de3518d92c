create or replace function api.save_subscription(
  p_id bigint, p_name text, p_target text, p_parameters jsonb, p_every text, p_weekday integer,
  p_month_day integer, p_hour integer, p_language text, p_by_mail boolean
) returns bigint
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select identity.save_subscription(
    p_id, p_name, p_target, p_parameters, p_every, p_weekday, p_month_day, p_hour, p_language,
    p_by_mail);
end;
alter function api.save_subscription(
  bigint, text, text, jsonb, text, integer, integer, integer, text, boolean) owner to dozir_writer;
comment on function api.save_subscription(
  bigint, text, text, jsonb, text, integer, integer, integer, text, boolean) is
  'Sends the caller a page on a schedule, or changes that schedule.';
