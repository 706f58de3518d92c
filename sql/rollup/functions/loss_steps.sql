create or replace function rollup.loss_steps() returns bigint[]
  language sql immutable parallel safe
  return array[100000, 500000, 1000000, 5000000, 10000000]::bigint[];
comment on function rollup.loss_steps() is
  'Losses above which accounts are counted apart, in minor units: 1,000, 5,000, 10,000, 50,000 and '
  '100,000 of the currency. Our own choice; each row keeps those that it was made with.';
