create or replace view api.return_month with (security_invoker = true) as
select
  operator_id, shard, month, game_id, currency, round_count, hit_count, multiple_micro, square_micro
from rollup.return_month;
comment on view api.return_month is
  'What paid rounds of the closed days of a month returned in multiples of their stakes, by game.';
