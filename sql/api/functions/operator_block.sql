create or replace function api.operator_block(p_operator integer) returns smallint
  language sql immutable parallel safe
return (p_operator / 1024)::smallint;
comment on function api.operator_block(integer) is
  'Which 1,024 operators an operator is among: of api.operator_bit.';
