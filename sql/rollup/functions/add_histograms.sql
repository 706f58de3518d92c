create or replace function rollup.add_histograms(p_left bigint[], p_right bigint[]) returns bigint[]
  language sql immutable parallel safe strict
  return array(
    select coalesce(u.l, 0) + coalesce(u.r, 0)
    from unnest(p_left, p_right) with ordinality as u (l, r, position)
    order by u.position
  );
comment on function rollup.add_histograms(bigint[], bigint[]) is
  'Adds two histograms bucket by bucket; the shorter one ends with zeros.';
