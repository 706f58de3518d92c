create or replace function api.change_queue(
  p_states text[] default null, p_kind text default null, p_operator_id integer default null,
  p_assignee text default null, p_after bigint default null, p_limit integer default 50,
  p_backward boolean default false
) returns table (
    id bigint, kind text, action text, record_id integer, operator_id integer, title_uk text, title_en text,
    state text, version integer, assignee text, created_at timestamptz, submitted_at timestamptz,
    decided_at timestamptz
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Applications and changes that the caller may see, in the order in which they were begun: those after
-- p_after or, backward, those before it, in the same order. The title is that of the record, or of what
-- is proposed.
begin
  if p_limit not between 1 and 1001 then
    raise exception using errcode = 'DZR04', message = 'no such length of a list';
  end if;
  return query
  select
    c.id, c.kind, c.action, c.record_id, c.operator_id,
    coalesce(e.title_uk::text, c.proposed ->> k.title_uk_attribute, c.proposed ->> k.code_attribute, c.proposed ->> 'file', ''),
    coalesce(e.title_en::text, c.proposed ->> k.title_en_attribute, c.proposed ->> k.code_attribute, c.proposed ->> 'file', ''),
    c.state, c.version, c.assignee, c.created_at, c.submitted_at, c.decided_at
  from (
    (select h.* from api.change as h
    where not p_backward and (p_states is null or h.state = any (p_states))
      and (p_kind is null or h.kind = p_kind)
      and (p_operator_id is null or h.operator_id = p_operator_id)
      and (p_assignee is null or h.assignee = p_assignee) and (p_after is null or h.id > p_after)
    order by h.id limit p_limit)
    union all
    (select h.* from api.change as h
    where p_backward and (p_states is null or h.state = any (p_states))
      and (p_kind is null or h.kind = p_kind)
      and (p_operator_id is null or h.operator_id = p_operator_id)
      and (p_assignee is null or h.assignee = p_assignee) and (p_after is null or h.id < p_after)
    order by h.id desc limit p_limit)
  ) as c
  join api.record_kind as k on k.kind = c.kind
  left join api.entry as e
    on e.kind = c.kind and e.record_id = c.record_id and e.recorded_until = 'infinity'
  order by c.id;
end
$body$;
comment on function api.change_queue(text[], text, integer, text, bigint, integer, boolean) is
  'Applications and changes by state, kind, operator and official; pages either way.';
