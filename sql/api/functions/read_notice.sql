create or replace function api.read_notice(p_id bigint, p_read boolean) returns boolean
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select identity.read_notice(p_id, p_read);
end;
alter function api.read_notice(bigint, boolean) owner to dozir_writer;
comment on function api.read_notice(bigint, boolean) is
  'Marks a notice of the caller''s as read, or as not read; false where there is none.';
