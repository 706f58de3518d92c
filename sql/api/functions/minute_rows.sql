create or replace function api.minute_rows(p_at timestamptz, p_rows bigint) returns bigint[]
  language sql immutable parallel safe
return array_fill(0::bigint, array[(floor(extract(epoch from p_at) / 60)::bigint % 60)::integer]) || p_rows;
comment on function api.minute_rows(timestamptz, bigint) is
  'Records that arrived in a minute, as a histogram of its hour: element n is minute n - 1.';
