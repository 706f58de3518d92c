create or replace function api.note_compliance(
  p_provider_id integer, p_what text, p_site_id integer, p_note text
) returns bigint
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- What an official found when looking whether a provider blocks an address: found_blocked or found_open, with
-- what shows it. Raises DZR01 for no such provider or address, DZW04 without a note.
declare
  made bigint;
begin
  perform identity.check_permission('registry.decide');
  if p_what is null or p_what not in ('found_blocked', 'found_open') or not exists (
    select from registry.provider as p where p.id = p_provider_id
  ) or not exists (select from registry.blocked_site as s where s.id = p_site_id) then
    raise exception using errcode = 'DZR01', message = 'no such provider or address';
  elsif btrim(coalesce(p_note, '')) = '' then
    raise exception using errcode = 'DZW04', message = 'a note is needed';
  end if;
  insert into blocking.compliance (provider_id, what, site_id, note, person_id)
  values (p_provider_id, p_what, p_site_id, btrim(p_note), coalesce(registry.own_person(), 0))
  returning id into made;
  perform audit.note('decision', 'provider', p_provider_id::text,
    jsonb_build_object('decision', 'compliance_' || p_what));
  return made;
end
$body$;
alter function api.note_compliance(integer, text, integer, text) owner to dozir_writer;
comment on function api.note_compliance(integer, text, integer, text) is
  'Notes what an official found when looking whether a provider blocks an address.';
