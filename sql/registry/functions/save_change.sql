create or replace function registry.save_change(
  p_change_id bigint, p_kind text, p_action text, p_record_id integer, p_operator_id integer,
  p_proposed jsonb, p_base_version integer, p_version integer
) returns registry.change
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Begins a draft (no id) or saves one anew. Errors in what is proposed are kept beside it, they do not
-- hinder saving. Raises DZR01, DZR02, DZR04, DZW01, DZW02.
declare
  caller constant text := registry.caller_role();
  made registry.change;
  whose integer := p_operator_id;
  present integer;
  checked record;
  fresh constant boolean := p_action in ('create', 'create_many');
begin
  perform identity.check_permission('registry.propose');
  perform registry.check_power('propose');
  if jsonb_typeof(p_proposed) is distinct from 'object' or pg_column_size(p_proposed) > 65536 then
    raise exception using errcode = 'DZR04', message = 'a proposal is an object of at most 64 KiB';
  end if;
  if p_change_id is not null then
    made := registry.lock_change(p_change_id, p_version);
    if not exists (
      select from registry.workflow_transition as t
      where t.workflow = 'change' and t.from_state = made.state and t.action = 'save'
        and caller = any (t.roles)
    ) then
      raise exception using errcode = 'DZW01', message = format('cannot save what is %s', made.state),
        detail = jsonb_build_object('state', made.state, 'version', made.version)::text;
    end if;
    select * into checked
    from registry.check_change(made.kind, made.action, made.record_id, made.operator_id, p_proposed);
    update registry.change as c
    set proposed = checked.proposed, errors = checked.errors, version = c.version + 1,
      base_version = case when c.base_version is not null then coalesce(p_base_version, c.base_version) end
    where c.id = made.id returning * into made;
  else
    if not exists (select from registry.record_kind as k where k.kind = p_kind and k.proposable)
      or p_action not in ('create', 'create_many', 'amend', 'end') then
      raise exception using errcode = 'DZR04', message = 'no such kind of record or of change';
    end if;
    if caller = 'operator' then
      whose := registry.own_operator();
      if not (select k.proposed_by_operators from registry.record_kind as k where k.kind = p_kind)
        or fresh and (p_kind = 'organiser') <> (whose is null)
        or whose is null and registry.own_person() is null then
        raise exception using errcode = 'DZR02', message = 'not for this role';
      end if;
    end if;
    if not fresh then
      select e.version, nullif(e.operator_id, 0) into present, whose
      from registry.entry as e
      where e.kind = p_kind and e.record_id = p_record_id and e.recorded_until = 'infinity'
        and (caller <> 'operator' or e.operator_id = whose);
      if not found then
        raise exception using errcode = 'DZR01', message = 'no such record';
      end if;
    elsif not (select k.of_operators from registry.record_kind as k where k.kind = p_kind) then
      whose := null;
    elsif whose is not null and not exists (select from registry.operator as o where o.id = whose) then
      raise exception using errcode = 'DZR01', message = 'no such operator';
    end if;
    select * into checked
    from registry.check_change(
      p_kind, p_action, case when not fresh then p_record_id end, whose, p_proposed);
    insert into registry.change (
      kind, action, record_id, operator_id, person_id, begun_by, proposed, errors, base_version
    ) values (
      p_kind, p_action, case when not fresh then p_record_id end, whose,
      registry.own_person(), caller, checked.proposed, checked.errors,
      case when not fresh then coalesce(p_base_version, present) end
    ) returning * into made;
  end if;
  perform registry.note_event(made, 'save', made.state, null);
  return made;
end
$body$;
alter function registry.save_change(bigint, text, text, integer, integer, jsonb, integer, integer)
  owner to dozir_writer;
comment on function registry.save_change(bigint, text, text, integer, integer, jsonb, integer, integer) is
  'Begins or saves a draft of an application or change, with its errors.';
