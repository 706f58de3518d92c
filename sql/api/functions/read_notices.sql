create or replace function api.read_notices(p_until bigint) returns bigint
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select identity.read_notices(p_until);
end;
alter function api.read_notices(bigint) owner to dozir_writer;
comment on function api.read_notices(bigint) is
  'Marks the caller''s notices up to a number as read: how many.';
