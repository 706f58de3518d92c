create or replace function ledger.type_name(p_type smallint) returns text
  language sql immutable parallel safe
  return (array['bet', 'win', 'refund', 'deposit', 'withdrawal'])[p_type];
comment on function ledger.type_name(smallint) is 'The wire name of a transaction type.';
