create or replace function rollup.add_histograms(p_left bigint[], p_right bigint[]) returns bigint[]
  language plpgsql immutable parallel safe strict
  set search_path = pg_catalog, pg_temp
as $body$
-- In plpgsql, where its plan is kept: it runs with every commit.
begin
  return array(
    select coalesce(u.l, 0) + coalesce(u.r, 0)
    from unnest(p_left, p_right) with ordinality as u (l, r, position)
    order by u.position
  );
end
$body$;
comment on function rollup.add_histograms(bigint[], bigint[]) is
  'Adds two histograms bucket by bucket; the shorter one ends with zeros.';
