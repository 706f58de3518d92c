create or replace view api.player_progress with (security_invoker = true) as
select
  counted_until, kept_from
from rollup.player_progress;
comment on view api.player_progress is
  'Up to which moment of arrival accounts are counted, and from which day on they are kept.';
