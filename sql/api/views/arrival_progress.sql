create or replace view api.arrival_progress with (security_invoker = true) as
select counted_until
from rollup.arrival_progress;
comment on view api.arrival_progress is 'How far days of arrival are counted.';
