create or replace function api.check_change(
  p_kind text, p_action text, p_record_id integer, p_operator_id integer, p_proposed jsonb
) returns table (proposed jsonb, errors jsonb)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Validates without saving. An operator's people ask of their own records alone: DZR01.
declare
  whose integer := p_operator_id;
begin
  if registry.caller_role() = 'operator' then
    whose := registry.own_operator();
  end if;
  if not exists (select from registry.record_kind as k where k.kind = p_kind and k.proposable)
    or p_record_id is not null and not exists (
      select from registry.entry as e
      where e.kind = p_kind and e.record_id = p_record_id and e.recorded_until = 'infinity'
        and (registry.caller_role() <> 'operator' or e.operator_id = whose)
    ) then
    raise exception using errcode = 'DZR01', message = 'no such record';
  end if;
  return query
  select c.proposed, c.errors
  from registry.check_change(p_kind, p_action, p_record_id, whose, p_proposed) as c;
end
$body$;
alter function api.check_change(text, text, integer, integer, jsonb) owner to dozir_writer;
comment on function api.check_change(text, text, integer, integer, jsonb) is
  'Says what is wrong with a proposal, without saving it.';
