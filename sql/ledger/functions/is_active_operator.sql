create or replace function ledger.is_active_operator(p_operator_id integer) returns boolean
  language sql stable parallel safe
  return exists (
    select from registry.operator as o
    where o.id = p_operator_id
      and o.active_from <= transaction_timestamp() and transaction_timestamp() < o.active_until
  );
comment on function ledger.is_active_operator(integer) is 'Whether an operator may act now.';
