create or replace function registry.keep_person() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- A representative with the power "portal" is a person who may enter, for as long as the powers last.
declare
  organisation registry.operator;
  may_enter constant boolean := 'portal' = any (new.powers);
begin
  select * into strict organisation from registry.operator as o where o.id = new.operator_id;
  update identity.person as p
  set name_uk = new.name_uk, name_en = new.name_en, tax_number = new.taxpayer_number,
    active_from = new.active_from,
    active_until = case when may_enter then new.active_until
      else least(new.active_until, greatest(transaction_timestamp(), new.active_from)) end
  where p.representative_id = new.id;
  if not found and may_enter then
    insert into identity.person (
      role, operator_id, name_uk, name_en, organisation_uk, organisation_en, active_from, active_until,
      representative_id, tax_number
    ) values (
      'operator', new.operator_id, new.name_uk, new.name_en, organisation.name_uk,
      organisation.name_en, new.active_from, new.active_until, new.id,
      new.taxpayer_number
    );
  end if;
  return null;
end
$body$;
alter function registry.keep_person() owner to dozir_writer;
comment on function registry.keep_person() is 'Row trigger: representatives as people of the portal.';
