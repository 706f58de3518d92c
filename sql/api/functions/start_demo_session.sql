create or replace function api.start_demo_session(
  p_person_id integer, p_token_sha256 bytea, p_hours integer
) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  if not exists (
    select from identity.person as p
    where p.id = p_person_id and p.demo
      and exists (select from identity.mode as m where m.demo)
      and p.active_from <= transaction_timestamp() and transaction_timestamp() < p.active_until
  ) then
    raise exception using errcode = 'DZP01', message = 'no such demo identity, or not in demo mode';
  end if;
  insert into identity.session (token_sha256, person_id, expires_at)
  values (p_token_sha256, p_person_id, transaction_timestamp() + make_interval(hours => p_hours));
end
$body$;
alter function api.start_demo_session(integer, bytea, integer) owner to dozir_writer;
comment on function api.start_demo_session(integer, bytea, integer) is
  'Opens a session for a demo identity; raises DZP01 outside demo mode.';
