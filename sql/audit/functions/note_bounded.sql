create or replace function audit.note_bounded(
  p_kind text, p_object text, p_object_id text, p_facts jsonb
) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Notes what anybody can cause as often as they like: of a person the first 20 of a minute, of strangers
-- the first 60 of all together. Further ones are counted, and told by one event when the minute is over.
-- Whether it was noted on its own.
declare
  own constant text := coalesce('person ' || registry.own_person(), 'nobody');
  most constant integer := case own when 'nobody' then 60 else 20 end;
  reached bigint;
begin
  insert into audit.excess as x (minute, who, kind, number)
  values (date_trunc('minute', clock_timestamp()), own, p_kind, 1)
  on conflict (minute, who, kind) do update set number = x.number + 1
  returning x.number into reached;
  if reached > most then
    return false;
  end if;
  perform audit.note(
    p_kind, p_object, p_object_id, p_facts, null, null,
    case when own = 'nobody' then 'nobody' else registry.caller_role() end);
  return true;
end
$body$;
alter function audit.note_bounded(text, text, text, jsonb) owner to dozir_writer;
comment on function audit.note_bounded(text, text, text, jsonb) is
  'Notes a refusal, of each person so many a minute; further ones are counted.';
