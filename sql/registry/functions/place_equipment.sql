create or replace function registry.place_equipment() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The life cycle: what an update does to a piece of equipment must be a transition of the catalogue,
-- and its venue its operator's own.
declare
  ending constant boolean := new.active_until <= transaction_timestamp();
  step text;
begin
  if new.channel_id is not null and not exists (
    select from registry.channel as c
    where c.id = new.channel_id and c.kind = 'venue' and c.operator_id = new.operator_id
  ) then
    raise exception using errcode = 'DZR03', message = 'not a venue of this operator',
      detail = jsonb_build_array(jsonb_build_object('attribute', 'channel_id', 'code', 'reference'))::text;
  end if;
  if tg_op = 'INSERT' then
    new.state := case when ending then 'retired' when new.channel_id is null then 'registered'
      else 'installed' end;
    return new;
  end if;
  if new.state = old.state then
    step := case
      when ending and old.active_until > transaction_timestamp() then 'retire'
      when new.channel_id is not distinct from old.channel_id then null
      when old.channel_id is null then 'install'
      when new.channel_id is null then 'remove'
      else 'move'
    end;
    if old.state = 'retired' and (step is not null or new.active_until <> old.active_until) then
      step := coalesce(step, 'return');
    end if;
  else
    step := case new.state when 'blocked' then 'block' when 'installed' then 'restore'
      when 'registered' then 'restore' else 'retire' end;
  end if;
  if step is not null then
    select t.to_state into new.state from registry.workflow_transition as t
    where t.workflow = 'equipment' and t.from_state = old.state and t.action = step;
    if not found then
      raise exception using errcode = 'DZW01',
        message = format('equipment that is %s cannot: %s', old.state, step);
    end if;
    if step = 'restore' and new.channel_id is null then
      new.state := 'registered';
    end if;
  end if;
  return new;
end
$body$;
alter function registry.place_equipment() owner to dozir_writer;
comment on function registry.place_equipment() is
  'Row trigger: the life cycle of equipment goes by the catalogue, in venues of its operator.';
