create or replace function registry.check_due_rows(p_limit integer) returns bigint
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- For the runner: checks some rows of one draft that has unchecked ones, the longest waiting first. The
-- change's id; null where nothing is due.
declare
  due registry.change;
begin
  select c.* into due from registry.change as c
  where c.id in (select r.change_id from registry.change_row as r where r.errors is null)
    and c.state = 'draft'
  order by c.id limit 1 for update skip locked;
  if due.id is not null then
    perform registry.check_rows(due, p_limit);
  end if;
  return due.id;
end
$body$;
alter function registry.check_due_rows(integer) owner to dozir_writer;
comment on function registry.check_due_rows(integer) is
  'Checks rows of a draft of many records, as many as fit a moment.';
