create or replace view api.game_progress with (security_invoker = true) as
select counted_until
from rollup.game_progress;
comment on view api.game_progress is 'How far days of games are counted.';
