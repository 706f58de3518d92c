create or replace function blocking.licensed_under(p_host text) returns text
  language sql stable
return (
  select w.domain
  from registry.website as w
  join registry.channel as c on c.id = w.channel_id
  where c.active_until > transaction_timestamp()
    and (w.domain = p_host or right(w.domain, length(p_host) + 1) = '.' || p_host)
  order by w.domain
  limit 1
);
comment on function blocking.licensed_under(text) is
  'A registered site that would be blocked with this domain, as it is this or below it; null for none.';
