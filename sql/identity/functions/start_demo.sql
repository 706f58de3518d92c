create or replace function identity.start_demo() returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Switches demo mode on and makes the demo identities: one official of each kind and one manager
-- for each registered operator. Returns how many identities there are.
begin
  update identity.mode set demo = true;
  insert into identity.person
    (role, operator_id, name_uk, name_en, organisation_uk, organisation_en, demo)
  values
    ('regulator', null, 'Оксана Коваль', 'Oksana Koval',
     'Регулятор азартних ігор', 'Gambling regulator', true),
    ('tax_service', null, 'Тарас Бондар', 'Taras Bondar',
     'Державна податкова служба', 'State Tax Service', true),
    ('registrar', null, 'Ірина Мельник', 'Iryna Melnyk',
     'Регулятор: реєстри', 'Regulator: registers', true),
    ('auditor', null, 'Андрій Шевчук', 'Andrii Shevchuk',
     'Рахункова палата', 'Accounting Chamber', true),
    -- Acts for nobody yet: applies for an organiser, and is its manager once it is registered.
    ('operator', null, 'Новий заявник', 'New applicant', 'Заявник', 'Applicant', true)
  on conflict do nothing;
  insert into identity.person
    (role, operator_id, name_uk, name_en, organisation_uk, organisation_en, demo)
  select
    'operator', o.id, 'Представник ' || o.code, 'Representative of ' || o.code,
    o.name_uk, o.name_en, true
  from registry.operator as o
  order by o.id
  on conflict do nothing;
  return (select count(*)::integer from identity.person as p where p.demo);
end
$body$;
alter function identity.start_demo() owner to dozir_writer;
comment on function identity.start_demo() is 'Makes this installation a demonstration.';
