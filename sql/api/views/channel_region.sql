create or replace view api.channel_region with (security_invoker = true) as
select
  c.id as channel_id, c.operator_id,
  -- By place in the list of regions: 0 is online, 99 a venue whose region is not of the list.
  case when v.channel_id is null then 0 else coalesce(h.position, 99) end::integer as region
from registry.channel as c
left join registry.venue as v on c.id = v.channel_id
left join registry.choice as h on h.list = 'region' and v.region = h.value;
comment on view api.channel_region is
  'The region of each place as reports have it; sites and applications are online.';
