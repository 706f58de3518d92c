create or replace function api.operator_bit(p_operator integer) returns bit
  language sql immutable parallel safe
-- Sets of operators are joined by bit_or, counted by bit_count and kept for each api.operator_block: 128
-- bytes, however many of its 1,024 operators are in it.
return 1::bit(1024) << p_operator % 1024;
comment on function api.operator_bit(integer) is 'The set that has one operator alone, within its block.';
