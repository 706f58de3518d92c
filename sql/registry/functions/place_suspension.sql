create or replace function registry.place_suspension() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Whatever way a suspension comes in: no two of a licence at the same time. The licence is locked, so
-- that of two at once the second sees the first.
declare
  other registry.licence_suspension;
begin
  perform from registry.licence as l where l.id = new.licence_id for update;
  select * into other from registry.licence_suspension as s
  where s.licence_id = new.licence_id and s.id <> new.id and s.withdrawn_at is null
    and tstzrange(s.suspended_from, s.suspended_until)
      && tstzrange(new.suspended_from, new.suspended_until)
  order by s.suspended_from limit 1;
  if found then
    raise exception using errcode = 'DZR03', message = 'the licence is suspended at that time already',
      detail = jsonb_build_array(jsonb_build_object(
        'attribute', case when other.suspended_from > new.suspended_from then 'until' else 'from' end,
        'code', 'overlap', 'detail', jsonb_build_object(
          'from', ledger.rfc3339(other.suspended_from), 'until', ledger.rfc3339(other.suspended_until))
      ))::text;
  end if;
  return new;
end
$body$;
alter function registry.place_suspension() owner to dozir_writer;
comment on function registry.place_suspension() is
  'Row trigger: suspensions of a licence do not overlap.';
