create or replace function registry.is_within(p_address inet, p_networks cidr[]) returns boolean
  language sql immutable parallel safe
  set search_path = pg_catalog, pg_temp
  return exists (
    select from unnest(p_networks) as n (network) where network_subeq(p_address, n.network)
  );
comment on function registry.is_within(inet, cidr[]) is
  'Whether an address lies in one of the networks; one that is not known lies in none.';
