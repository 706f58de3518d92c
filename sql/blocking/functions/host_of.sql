create or replace function blocking.host_of(p_address text) returns text
  language sql immutable parallel safe
return coalesce(substring(p_address from '^https://([^/:]+)'), p_address);
comment on function blocking.host_of(text) is 'The domain of a canonical address.';
