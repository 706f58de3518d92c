create or replace function identity.start_demo() returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Switches demo mode on and makes the demo identities: one official of each role, a second where it takes
-- two, and one owner for each registered operator; each with a number by which its certificate finds it.
-- Returns how many identities there are.
begin
  update identity.mode set demo = true;
  insert into identity.person
    (role, operator_id, name_uk, name_en, organisation_uk, organisation_en, demo)
  values
    ('regulator', null, 'Оксана Коваль', 'Oksana Koval',
     'Регулятор азартних ігор', 'Gambling regulator', true),
    ('tax_service', null, 'Тарас Бондар', 'Taras Bondar',
     'Державна податкова служба', 'State Tax Service', true),
    ('tax_service', null, 'Ганна Литвин', 'Hanna Lytvyn',
     'Державна податкова служба', 'State Tax Service', true),
    ('registrar', null, 'Ірина Мельник', 'Iryna Melnyk',
     'Регулятор: реєстри', 'Regulator: registers', true),
    ('auditor', null, 'Андрій Шевчук', 'Andrii Shevchuk',
     'Рахункова палата', 'Accounting Chamber', true),
    ('regulator', null, 'Петро Савчук', 'Petro Savchuk',
     'Регулятор азартних ігор', 'Gambling regulator', true),
    ('regulator', null, 'Мирослава Гнатюк', 'Myroslava Hnatiuk',
     'Регулятор азартних ігор', 'Gambling regulator', true),
    ('fairness', null, 'Юрій Лисенко', 'Yurii Lysenko',
     'Регулятор: чесність ігор', 'Regulator: fairness of games', true),
    ('financial_monitoring', null, 'Леся Марчук', 'Lesia Marchuk',
     'Державна служба фінансового моніторингу', 'State Financial Monitoring Service', true),
    ('administrator', null, 'Остап Ткач', 'Ostap Tkach',
     'Регулятор: технічний адміністратор', 'Regulator: technical administration', true),
    ('tax_service', null, 'Наталія Кравець', 'Nataliia Kravets',
     'Державна податкова служба', 'State Tax Service', true),
    ('tax_service', null, 'Роман Поліщук', 'Roman Polishchuk',
     'Державна податкова служба', 'State Tax Service', true),
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
  insert into identity.appointment (person_id, role, state, active_from)
  select
    p.id, case
      when p.name_uk in ('Оксана Коваль', 'Петро Савчук') then 'supervisor'
      when p.name_uk in ('Наталія Кравець', 'Роман Поліщук') then 'tax_supervisor'
      else (
        select r.code from identity.role as r
        where r.database_role = p.role order by r.position limit 1
      ) end,
    'in_force', p.active_from
  from identity.person as p
  where p.demo and (p.role <> 'operator' or p.operator_id is not null)
    and not exists (select from identity.appointment as a where a.person_id = p.id);
  update identity.person as p set tax_number = identity.invented_tax_number(p.id)
  where p.demo and p.tax_number is null;
  return (select count(*)::integer from identity.person as p where p.demo);
end
$body$;
alter function identity.start_demo() owner to dozir_writer;
comment on function identity.start_demo() is 'Makes this installation a demonstration.';
