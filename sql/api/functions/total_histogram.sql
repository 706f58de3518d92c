create or replace aggregate api.total(bigint[]) ( -- noqa: LT01
  sfunc = rollup.add_histograms, stype = bigint[], initcond = '{}', parallel = safe
);
comment on aggregate api.total(bigint[]) is -- noqa: LT01
  'Histograms added up bucket by bucket; an empty one of nothing.';
