create or replace function maintenance.raise_returned() returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Changes that were sent back to be mended and still are: to the operator's people, of an applicant's to
-- the applicant. Each return is told once.
begin
  return (
    select count(identity.add_notice(
      p.id, 'change_returned', v.event_id::text,
      jsonb_build_object('number', c.id, 'register_uk', k.plural_uk, 'register_en', k.plural_en),
      'registry.change',
      jsonb_build_object('path', jsonb_build_object('change_id', c.id), 'query', '{}'::jsonb)))
    from registry.change as c
    join registry.record_kind as k on k.kind = c.kind
    cross join lateral (
      select max(e.id) as event_id from registry.change_event as e
      where e.change_id = c.id and e.action = 'return'
    ) as v
    join identity.person as p on p.role = 'operator'
      and (p.operator_id = c.operator_id or (c.operator_id is null and p.id = c.person_id))
    where c.state = 'returned' and c.workflow = 'change'
      and not exists (
        select from identity.notice as n
        where n.person_id = p.id and n.kind = 'change_returned' and n.subject = v.event_id::text));
end
$body$;
alter function maintenance.raise_returned() owner to dozir_writer;
comment on function maintenance.raise_returned() is
  'Tells operators of applications that were returned; how many notices.';
