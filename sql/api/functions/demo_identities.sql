create or replace function api.demo_identities()
  returns table (
    id integer, role text, operator_id integer, operator_code text, name_uk text, name_en text,
    organisation_uk text, organisation_en text, tax_number text, taxpayer_code text
  )
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select
    p.id, p.role, p.operator_id, o.code, p.name_uk, p.name_en, p.organisation_uk, p.organisation_en,
    p.tax_number, o.taxpayer_code
  from identity.person as p
  left join registry.operator as o on p.operator_id = o.id
  where p.demo
    and exists (select from identity.mode as m where m.demo)
    and p.active_from <= transaction_timestamp() and transaction_timestamp() < p.active_until
  order by
    array_position(array['regulator', 'tax_service', 'registrar', 'auditor', 'operator'], p.role),
    p.id;
end;
alter function api.demo_identities() owner to dozir_writer;
comment on function api.demo_identities() is
  'Whom a visitor of a demonstration may enter as; none outside demo mode.';
