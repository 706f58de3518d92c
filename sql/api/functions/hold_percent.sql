create or replace function api.hold_percent(p_stake bigint, p_refund bigint, p_win bigint)
  returns numeric
  language sql immutable parallel safe
begin atomic
  select case when p_stake - p_refund > 0
    then round(100 - 100 * p_win::numeric / (p_stake - p_refund), 4) end;
end;
comment on function api.hold_percent(bigint, bigint, bigint) is
  'Hold: a hundred less the return to players; null where net stakes are not positive.';
