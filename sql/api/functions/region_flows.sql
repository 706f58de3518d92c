create or replace function api.region_flows(
  p_first date, p_last date, p_by text[], p_operators integer[], p_gambling_types smallint[],
  p_licences integer[], p_currency smallint, p_as_of timestamptz, p_against text
) returns table (operator bigint, cell_1 bigint, cell_2 bigint, ggr bigint, stake bigint)
  language sql stable security invoker
  set search_path = pg_catalog, pg_temp
  set enable_nestloop = off
-- What R08 is made of where it is grouped by region: sums by place, whose operator and region the register
-- has. p_by is operator, region and at most one more; cells are its keys but the operator's, in its order.
begin atomic
  select
    c.operator_id::bigint, k.cells[1], coalesce(k.cells[2], -1),
    api.total(api.ggr(x.bet_minor, x.refund_minor, x.win_minor)),
    api.total(x.bet_minor - x.refund_minor)
  from api.report_flows(
  p_first, p_last,
  array['channel'] || array(
    select u.name from unnest(p_by) as u (name) where u.name not in ('operator', 'region')),
  p_operators, p_gambling_types, p_licences, null, null, p_currency, p_as_of, p_against) as x
  join api.channel_region as c on c.channel_id = x.key_1
  cross join lateral (
    select array_agg(
      case u.name when 'region' then c.region::bigint else x.key_2 end order by u.place) as cells
    from unnest(p_by) with ordinality as u (name, place) where u.name <> 'operator'
  ) as k
  where not x.is_total
  group by c.operator_id, k.cells;
end;
comment on function api.region_flows(
  date, date, text[], integer[], smallint[], integer[], smallint, timestamptz, text
) is 'GGR and net stakes by operator and region, and by one thing more, for R08.';
