create or replace function api.lag_quantiles(p_lags bigint[]) returns bigint[]
  language plpgsql immutable parallel safe strict
  set search_path = pg_catalog, pg_temp
as $body$
-- Upper bounds, in milliseconds, of the buckets (see ledger.batch.lag_histogram) that the median, the 95th and the
-- 99th percentile lie in; nulls where nothing is counted. A loop, as a query would cost several times as much and
-- reports ask for a thousand of them.
declare
  shares constant bigint[] := array[50, 95, 99]::bigint[];
  found bigint[] := array[null, null, null]::bigint[];
  whole bigint := 0::bigint;
  counted bigint := 0::bigint;
  next integer := 1;
  many bigint;
begin
  foreach many in array p_lags loop
    whole := whole + many;
  end loop;
  if whole = 0 then
    return found;
  end if;
  for bucket in 1..cardinality(p_lags) loop
    if p_lags[bucket] <> 0 then
      counted := counted + p_lags[bucket];
      while next <= 3 and 100 * counted >= shares[next] * whole loop
        found[next] := ceil(power(2, bucket / 4.0))::bigint;
        next := next + 1;
      end loop;
      exit when next > 3;
    end if;
  end loop;
  return found;
end
$body$;
comment on function api.lag_quantiles(bigint[]) is
  'Median, 95th and 99th percentile of a histogram of lag, in milliseconds.';
