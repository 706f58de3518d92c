create or replace function api.end_session(p_token_sha256 bytea) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
declare
  whose record;
begin
  update identity.session as s set ended_at = transaction_timestamp()
  from identity.person as p
  where s.token_sha256 = p_token_sha256 and s.ended_at is null and p.id = s.person_id
  returning p.id, p.role, p.operator_id into whose;
  if found then
    perform audit.note(
      'logout', 'person', whose.id::text, '{}', null, whose.id, whose.role, whose.operator_id);
  end if;
end
$body$;
alter function api.end_session(bytea) owner to dozir_writer;
comment on function api.end_session(bytea) is 'Ends a session at once.';
