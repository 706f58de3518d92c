create or replace function registry.set_licence_type() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- A licence's kind gives its type of gambling, and the other way round where only that is known.
begin
  if new.licence_kind_id is null then
    select k.id into new.licence_kind_id from registry.licence_kind as k
    where k.gambling_type_id = new.gambling_type_id;
  elsif new.gambling_type_id is null then
    select k.gambling_type_id into new.gambling_type_id from registry.licence_kind as k
    where k.id = new.licence_kind_id;
  end if;
  return new;
end
$body$;
alter function registry.set_licence_type() owner to dozir_writer;
comment on function registry.set_licence_type() is 'Row trigger: kind and gambling type of a licence agree.';
