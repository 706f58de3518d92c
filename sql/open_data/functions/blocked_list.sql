create or replace function open_data.blocked_list(p_sequence bigint)
  returns table (
    address text, site_kind text, order_number text, order_date timestamptz, blocked_from timestamptz
  )
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The list as it was after the change of this number: the same number, the same list, for ever.
begin
  return query
  select s.address, s.site_kind, s.order_number, s.order_date, s.blocked_from
  from (
    select distinct on (c.site_id) c.site_id, c.added from blocking.change as c
    where c.sequence <= p_sequence
    order by c.site_id asc, c.sequence desc
  ) as standing
  join registry.blocked_site as s on s.id = standing.site_id
  where standing.added
  order by s.address collate "C";
end
$body$;
alter function open_data.blocked_list(bigint) owner to dozir_writer;
comment on function open_data.blocked_list(bigint) is 'Blocked addresses after the change of a number.';
