create or replace function rollup.stake_bounds() returns bigint[]
  language sql immutable parallel safe
  return array[100, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 500000]::bigint[];
comment on function rollup.stake_bounds() is
  'Where bands of stakes begin, in minor units: 1, 5, 10, 20, 50, 100, 200, 500, 1,000 and 5,000 of the '
  'currency. Band 1 is below the first; band 0 is of rounds whose bet is not known. Our own choice: '
  'another one has every day counted again.';
