create or replace aggregate api.total_histogram(bigint[]) ( -- noqa: PRS, LT01
  sfunc = rollup.add_histograms, stype = bigint[], initcond = '{}', parallel = safe
);
comment on aggregate api.total_histogram(bigint[]) is -- noqa: PRS, LT01
  'Histograms added up bucket by bucket; an empty one of nothing.';
