create or replace function registry.keep_places() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Where equipment stood, from when to when.
declare
  moment constant timestamptz := transaction_timestamp();
begin
  if tg_op = 'UPDATE' then
    if new.channel_id is not distinct from old.channel_id
      and (new.active_from, new.active_until) = (old.active_from, old.active_until) then
      return null;
    end if;
    if new.active_from <> old.active_from then
      update registry.equipment_place as p set placed_from = new.active_from
      where p.equipment_id = new.id and p.placed_from = old.active_from
        and p.placed_until > new.active_from;
    end if;
    if new.channel_id is not distinct from old.channel_id then
      update registry.equipment_place as p set placed_until = new.active_until
      where p.equipment_id = new.id and p.placed_until = old.active_until
        and p.placed_from < new.active_until;
      return null;
    end if;
    update registry.equipment_place as p set placed_until = moment
    where p.equipment_id = new.id and p.placed_until > moment and p.placed_from < moment;
    -- Where it has not come to stand yet it never stood: the row, which stays, lasts no time until
    -- there is another place.
    update registry.equipment_place as p
    set channel_id = coalesce(new.channel_id, p.channel_id),
      placed_until = case when new.channel_id is null then p.placed_from + interval '1 microsecond'
        else new.active_until end
    where p.equipment_id = new.id and p.placed_from >= moment;
    if found then
      return null;
    end if;
  end if;
  if new.channel_id is not null then
    insert into registry.equipment_place (
      operator_id, equipment_id, channel_id, placed_from, placed_until
    ) values (
      new.operator_id, new.id, new.channel_id,
      case tg_op when 'INSERT' then new.active_from else greatest(moment, new.active_from) end,
      new.active_until
    );
  end if;
  return null;
end
$body$;
alter function registry.keep_places() owner to dozir_writer;
comment on function registry.keep_places() is 'Row trigger: keeps registry.equipment_place.';
