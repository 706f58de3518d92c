create or replace view api.return_day with (security_invoker = true) as
select
  operator_id, shard, day, game_id, currency, round_count, hit_count, multiple_micro, square_micro
from rollup.return_day;
comment on view api.return_day is
  'What paid rounds of closed days returned in multiples of their stakes, by game.';
