create or replace function api.ggr(p_stake bigint, p_refund bigint, p_win bigint) returns bigint
  language sql immutable parallel safe
begin atomic
  select p_stake - p_refund - p_win;
end;
comment on function api.ggr(bigint, bigint, bigint) is
  'Gross gaming revenue: stakes less refunds less winnings, minor units.';
