create or replace function identity.set_notice(p_kind text, p_in_bell boolean, p_by_mail text)
  returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- False where the caller's role is told nothing of the kind.
begin
  insert into identity.notice_setting as s (person_id, kind, in_bell, by_mail)
  select registry.own_person(), k.kind, p_in_bell, p_by_mail
  from identity.notice_kind as k
  where k.kind = p_kind and registry.caller_role() = any (k.roles)
  on conflict (person_id, kind)
    do update set in_bell = excluded.in_bell, by_mail = excluded.by_mail;
  return found;
end
$body$;
alter function identity.set_notice(text, boolean, text) owner to dozir_writer;
comment on function identity.set_notice(text, boolean, text) is
  'By which ways the caller wants to be told of a kind.';
