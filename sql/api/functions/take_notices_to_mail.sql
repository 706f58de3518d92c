create or replace function api.take_notices_to_mail() returns table (
    person_id integer, role text, operator_id integer, email text, language text, digest boolean,
    notices jsonb
  )
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select
    f.person_id, f.role, f.operator_id, f.email, f.language, f.digest, f.notices
  from identity.take_notices_to_mail() as f;
end;
alter function api.take_notices_to_mail() owner to dozir_writer;
comment on function api.take_notices_to_mail() is
  'For the runner: the notices that one person is to be mailed now, by role.';
