create or replace function registry.suspend_licence(
  p_licence_id integer, p_from timestamptz, p_until timestamptz, p_grounds text
) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Suspends a licence: id of the suspension. Raises DZR01, DZR03 (dates), DZW01 (state), DZW04.
declare
  moment constant timestamptz := transaction_timestamp();
  owner_id integer;
  made integer;
begin
  owner_id := registry.lock_licence(p_licence_id, 'suspend', p_grounds);
  if coalesce(p_from, moment) >= coalesce(p_until, 'infinity') then
    raise exception using errcode = 'DZR03', message = 'reversed',
      detail = '[{"attribute": "until", "code": "reversed"}]';
  end if;
  perform set_config('dozir.reason', p_grounds, true);
  insert into registry.licence_suspension (
    operator_id, licence_id, suspended_from, suspended_until, grounds
  ) values (
    owner_id, p_licence_id, coalesce(p_from, moment), coalesce(p_until, 'infinity'), btrim(p_grounds)
  ) returning id into made;
  perform set_config('dozir.reason', '', true);
  return made;
end
$body$;
alter function registry.suspend_licence(integer, timestamptz, timestamptz, text) owner to dozir_writer;
comment on function registry.suspend_licence(integer, timestamptz, timestamptz, text) is
  'Suspends a licence for a time or until it is resumed.';
