create or replace function api.rtp_percent(p_stake bigint, p_refund bigint, p_win bigint)
  returns numeric
  language sql immutable parallel safe
begin atomic
  select case when p_stake - p_refund > 0
    then round(100 * p_win::numeric / (p_stake - p_refund), 4) end;
end;
comment on function api.rtp_percent(bigint, bigint, bigint) is
  'Return to players: winnings per hundred of net stakes; null where those are not positive.';
