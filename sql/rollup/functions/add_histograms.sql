create or replace function rollup.add_histograms(p_left bigint[], p_right bigint[]) returns bigint[]
  language plpgsql immutable parallel safe strict
  set search_path = pg_catalog, pg_temp
as $body$
-- Bucket by bucket: it runs with every commit, mostly for few records, and a query over both would
-- cost several times as much.
declare
  longer bigint[] := p_left;
  shorter bigint[] := p_right;
begin
  if cardinality(p_left) < cardinality(p_right) then
    longer := p_right;
    shorter := p_left;
  end if;
  for bucket in 1..cardinality(shorter) loop
    if shorter[bucket] <> 0 then
      longer[bucket] := longer[bucket] + shorter[bucket];
    end if;
  end loop;
  return longer;
end
$body$;
comment on function rollup.add_histograms(bigint[], bigint[]) is
  'Adds two histograms bucket by bucket; the shorter one ends with zeros.';
