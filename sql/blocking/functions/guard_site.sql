create or replace function blocking.guard_site() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- However an address comes into the register: it is canonical, and blocks no site that is registered.
declare
  code text := case
    when not blocking.is_site_address(new.address) then 'site_address'
    when new.site_kind in ('site', 'mirror') and new.blocked_until > transaction_timestamp()
      and blocking.licensed_under(new.address) is not null then 'licensed'
  end;
begin
  if tg_op = 'UPDATE' and (new.address, new.site_kind) is distinct from (old.address, old.site_kind) then
    raise exception using errcode = 'DZA03', message = 'registry.blocked_site: its address cannot change';
  end if;
  if code is not null then
    raise exception using errcode = 'DZR03', message = 'not an address to be blocked',
      detail = jsonb_build_array(jsonb_build_object('attribute', 'address', 'code', code))::text;
  end if;
  return new;
end
$body$;
alter function blocking.guard_site() owner to dozir_writer;
comment on function blocking.guard_site() is
  'Row trigger: canonical addresses only, and none that would block a registered site.';
