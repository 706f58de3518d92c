create or replace function blocking.publish() returns bigint
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Writes into the feed what has come into the list and what has left it since, by act or by time alone:
-- how many changes. One at a time, so that numbers have no gap and come in the order of commits.
declare
  last bigint;
  written bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('blocking.change', 0));
  select coalesce(max(c.sequence), 0) into last from blocking.change as c;
  with standing as (
    select distinct on (c.site_id) c.site_id, c.added from blocking.change as c
    order by c.site_id asc, c.sequence desc
  ),
  due as (
    select
      s.id, s.address, s.site_kind,
      s.blocked_from <= clock_timestamp() and s.blocked_until > clock_timestamp() as listed
    from registry.blocked_site as s
  ),
  numbered as (
    select last + row_number() over (order by d.id) as sequence, d.id, d.address, d.site_kind, d.listed
    from due as d
    left join standing as l on l.site_id = d.id
    where d.listed <> coalesce(l.added, false)
  )
  insert into blocking.change (sequence, site_id, address, site_kind, added, changed_at)
  select n.sequence, n.id, n.address, n.site_kind, n.listed, clock_timestamp() from numbered as n;
  get diagnostics written = row_count;
  return written;
end
$body$;
alter function blocking.publish() owner to dozir_writer;
comment on function blocking.publish() is
  'Brings the feed of blocked addresses up to the register; how many changes.';
