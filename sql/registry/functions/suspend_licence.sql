create or replace function registry.suspend_licence(
  p_licence_id integer, p_from timestamptz, p_until timestamptz, p_grounds text
) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Suspends a licence: id of the suspension. A decision holds from when it is taken or later: what came
-- in before was judged by what held then. A moment within the last minute is now: people write minutes.
-- Raises DZR01, DZR03 (dates: past, reversed, term, overlap), DZW01 (state), DZW04.
declare
  moment constant timestamptz := transaction_timestamp();
  since constant timestamptz := case
    when p_from > moment - interval '1 minute' then greatest(p_from, moment) else coalesce(p_from, moment) end;
  until constant timestamptz := coalesce(p_until, 'infinity');
  errors jsonb := '[]'::jsonb;
  owner_id integer;
  made integer;
begin
  owner_id := registry.lock_licence(p_licence_id, 'suspend', p_grounds);
  if since < moment then
    errors := errors || '{"attribute": "from", "code": "past"}'::jsonb;
  elsif since < (select l.valid_from from registry.licence as l where l.id = p_licence_id)
    or since >= (select l.valid_until from registry.licence as l where l.id = p_licence_id) then
    errors := errors || '{"attribute": "from", "code": "term"}'::jsonb;
  end if;
  if since >= until then
    errors := errors || '{"attribute": "until", "code": "reversed"}'::jsonb;
  end if;
  if errors <> '[]' then
    raise exception using errcode = 'DZR03', message = 'the licence cannot be suspended for that time',
      detail = errors::text;
  end if;
  perform set_config('dozir.reason', p_grounds, true);
  insert into registry.licence_suspension (
    operator_id, licence_id, suspended_from, suspended_until, grounds
  ) values (owner_id, p_licence_id, since, until, btrim(p_grounds)) returning id into made;
  perform set_config('dozir.reason', '', true);
  perform registry.enter_decision(owner_id, 'licence_suspended', jsonb_build_object(
    'licence', p_licence_id, 'suspension', made, 'from', ledger.rfc3339(since),
    'until', case when until < 'infinity' then ledger.rfc3339(until) end,
    'grounds_sha256', registry.text_hash(btrim(p_grounds))));
  return made;
end
$body$;
alter function registry.suspend_licence(integer, timestamptz, timestamptz, text) owner to dozir_writer;
comment on function registry.suspend_licence(integer, timestamptz, timestamptz, text) is
  'Suspends a licence for a time or until it is resumed.';
