create or replace view api.subscription with (security_invoker = true) as
select
  id, name, target, parameters, every, at_weekday, at_month_day, at_hour, language, by_mail, created_at,
  paused_at, stopped_at, next_at
from identity.subscription;
comment on view api.subscription is 'Pages that come to the caller on a schedule, in this role.';
