create or replace function audit.request_export(
  p_source text, p_arguments jsonb, p_format text, p_language text, p_request_id text
) returns uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- At most 3 unfinished and 20 kept for one person. Raises DZX01, DZX02, DZX03.
declare
  asked uuid;
  own constant integer := registry.own_person();
begin
  perform identity.check_permission('export.make');
  if registry.caller_role() is null or own is null then
    raise exception using errcode = 'DZX02', message = 'an export is taken by a person in a role';
  end if;
  -- One request of a person after the other: else two would both be the last that fits.
  perform 1 from identity.person as p where p.id = own for no key update;
  if (
    select count(*) from audit.export_job as j
    where j.person_id = own and j.state in ('waiting', 'running')
  ) >= 3 then
    raise exception using errcode = 'DZX01', message = 'three files are being made already';
  end if;
  if (
    select count(*) from audit.export_job as j where j.person_id = own and j.state = 'ready'
  ) >= 20 then
    raise exception using errcode = 'DZX03', message = 'twenty files are kept already';
  end if;
  insert into audit.export_job (
    person_id, role, operator_id, language, source, arguments, format, request_id
  ) values (
    own, registry.caller_role(), registry.own_operator(), p_language, p_source, p_arguments,
    p_format, p_request_id
  ) returning id into asked;
  return asked;
end
$body$;
alter function audit.request_export(text, jsonb, text, text, text) owner to dozir_writer;
comment on function audit.request_export(text, jsonb, text, text, text) is
  'Asks for a file that is made while nobody waits.';
