create or replace function identity.check_permission(p_permission text) returns void
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Raises DZR02 where whoever acts lacks the permission.
begin
  if not identity.may(p_permission) then
    raise exception using errcode = 'DZR02', message = format('no permission: %s', p_permission);
  end if;
end
$body$;
alter function identity.check_permission(text) owner to dozir_writer;
comment on function identity.check_permission(text) is 'Refuses whoever lacks a permission.';
