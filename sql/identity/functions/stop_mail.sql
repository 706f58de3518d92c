create or replace function identity.stop_mail(p_person integer) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Nothing is sent any more but what is asked for anew: notices keep their bell.
begin
  insert into identity.notice_setting as s (person_id, kind, in_bell, by_mail)
  select p.id, k.kind, true, 'none'
  from identity.person as p, identity.notice_kind as k
  where p.id = p_person and p.role = any (k.roles)
  on conflict (person_id, kind) do update set by_mail = 'none';
  update identity.notice as n set by_mail = 'none'
  where n.person_id = p_person and n.by_mail <> 'none' and n.mailed_at is null;
  return exists (select from identity.person as p where p.id = p_person);
end
$body$;
alter function identity.stop_mail(integer) owner to dozir_writer;
comment on function identity.stop_mail(integer) is
  'For a link in a mail: sends a person no notices by mail any more.';
