create or replace function api.note(
  p_kind text, p_object text, p_object_id text, p_facts jsonb
) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- What pages note themselves: refusals, of which there may be very many. All else is noted by the
-- function that does it. Whether it was noted on its own; raises DZA02.
begin
  if not exists (select from audit.event_kind as k where k.kind = p_kind and k.by_portal) then
    raise exception using errcode = 'DZA02', message = 'not a kind that pages note';
  end if;
  return audit.note_bounded(p_kind, p_object, p_object_id, p_facts);
end
$body$;
alter function api.note(text, text, text, jsonb) owner to dozir_writer;
comment on function api.note(text, text, text, jsonb) is
  'Notes a refusal in the trail, so many of each person a minute.';
