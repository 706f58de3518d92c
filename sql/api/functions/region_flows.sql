create or replace function api.region_flows(
  p_first date, p_last date, p_by text[], p_operators integer[], p_gambling_types smallint[],
  p_licences integer[], p_currency smallint, p_as_of timestamptz, p_against text
) returns table (operator bigint, cell_1 bigint, cell_2 bigint, ggr bigint, stake bigint)
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
  -- Of sums over sums the planner expects few rows, and would compare each with each.
  set enable_nestloop = off
as $body$
-- What R08 is made of where it is grouped by region: sums by place, whose operator and region the register
-- has. p_by is operator, region and at most one more; cells are its keys but the operator's, in its order.
declare
  others constant text[] := array(
    select u.name from unnest(p_by) with ordinality as u (name, place)
    where u.name not in ('operator', 'region') order by u.place);
  region_first constant boolean :=
    array_position(p_by, 'region') < coalesce(array_position(p_by, others[1]), 4);
begin
  return query
  select
    s.operator, case when region_first then s.region else s.other end,
    case when region_first then s.other else s.region end, s.ggr, s.stake
  from (
    select
      c.operator_id::bigint as operator, c.region::bigint as region, x.key_2 as other,
      api.total(api.ggr(x.bet_minor, x.refund_minor, x.win_minor)) as ggr,
      api.total(x.bet_minor - x.refund_minor) as stake
    from api.report_flows(
    p_first, p_last, array['channel'] || others, p_operators, p_gambling_types, p_licences, null, null,
    p_currency, p_as_of, p_against) as x
    join api.channel_region as c on c.channel_id = x.key_1
    where not x.is_total
    group by 1, 2, 3
  ) as s;
end
$body$;
comment on function api.region_flows(
  date, date, text[], integer[], smallint[], integer[], smallint, timestamptz, text
) is 'GGR and net stakes by operator and region, and by one thing more, for R08.';
