create or replace function blocking.licensed_under(p_host text) returns text
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $body$
-- A registered site is in the way if it is this domain, or is below it: a block takes along what is below.
begin
  return (
    select min(w.domain)
    from registry.website as w
    join registry.channel as c on c.id = w.channel_id
    where c.active_until > transaction_timestamp()
      and (w.domain = p_host or right(w.domain, length(p_host) + 1) = '.' || p_host));
end
$body$;
comment on function blocking.licensed_under(text) is
  'A registered site that would be blocked with this domain, as it is this or below it; null for none.';
