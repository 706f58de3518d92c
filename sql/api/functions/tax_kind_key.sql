create or replace function api.tax_kind_key(p_kind text) returns bigint
  language sql immutable parallel safe
-- What a row of R11 is counted under by tax.
begin atomic
  select array_position(array['ggr_tax', 'pit', 'military_levy'], p_kind)::bigint;
end;
comment on function api.tax_kind_key(text) is 'The key of a tax in rows of reports.';
