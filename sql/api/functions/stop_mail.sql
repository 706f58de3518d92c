create or replace function api.stop_mail(p_person integer) returns boolean
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select identity.stop_mail(p_person);
end;
alter function api.stop_mail(integer) owner to dozir_writer;
comment on function api.stop_mail(integer) is
  'For a link in a mail: sends a person no notices by mail any more.';
