create or replace function open_data.blocked_changes(p_after bigint, p_limit integer)
  returns table (sequence bigint, added boolean, address text, site_kind text, changed_at timestamptz)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  return query
  select c.sequence, c.added, c.address, c.site_kind, c.changed_at
  from blocking.change as c
  where c.sequence > p_after
  order by c.sequence
  limit least(greatest(p_limit, 1), 1000);
end
$body$;
alter function open_data.blocked_changes(bigint, integer) owner to dozir_writer;
comment on function open_data.blocked_changes(bigint, integer) is
  'Changes of the list after the one of a number, in order.';
