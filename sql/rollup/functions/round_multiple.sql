create or replace function rollup.round_multiple(p_bet numeric, p_win numeric, p_refund numeric)
  returns numeric
  language sql immutable parallel safe
return case when p_bet > 0 and p_refund = 0 then round(p_win * 1000000 / p_bet) end;
comment on function rollup.round_multiple(numeric, numeric, numeric) is
  'Winnings of a paid round over its stake, in millionths; null where nothing was bet or some refunded.';
