create or replace function api.lag_quantiles(p_lags bigint[], p_count bigint) returns bigint[]
  language plpgsql immutable parallel safe strict
  set search_path = pg_catalog, pg_temp
as $body$
-- Upper bounds, in milliseconds, of the buckets (see ledger.batch.lag_histogram) that the median, the 95th and the
-- 99th percentile of p_count rows lie in; nulls where nothing is counted. Reports ask for a thousand of them: a
-- query would cost several times as much as this loop, and from its long end it is soon over.
declare
  -- Hundredths of all that may lie above the bucket.
  shares constant bigint[] := array[1, 5, 50]::bigint[];
  found bigint[] := array[null, null, null]::bigint[];
  above bigint := 0::bigint;
  share integer := 1;
begin
  for bucket in reverse cardinality(p_lags)..1 loop
    above := above + p_lags[bucket];
    while 100 * above > shares[share] * p_count loop
      found[4 - share] := ceil(power(2::double precision, bucket / 4.0::double precision))::bigint;
      if share = 3 then
        return found;
      end if;
      share := share + 1;
    end loop;
  end loop;
  return found;
end
$body$;
comment on function api.lag_quantiles(bigint[], bigint) is
  'Median, 95th and 99th percentile of a histogram of lag, in milliseconds.';
