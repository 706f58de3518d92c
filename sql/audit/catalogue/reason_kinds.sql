-- Why officials look at single transactions.
insert into audit.reason_kind (kind, position, name_uk, name_en) values
  ('supervision', 1, 'Поточний нагляд', 'Current supervision'),
  ('inspection', 2, 'Перевірка організатора', 'Inspection of an operator'),
  ('complaint', 3, 'Звернення або скарга', 'Application or complaint'),
  ('tax', 4, 'Податковий контроль', 'Tax control'),
  ('financial_monitoring', 5, 'Фінансовий моніторинг', 'Financial monitoring'),
  ('request', 6, 'Запит суду або органу розслідування', 'Request of a court or an investigator'),
  ('incident', 7, 'Розбіжність або збій', 'Discrepancy or failure'),
  ('audit', 8, 'Аудит', 'Audit')
on conflict (kind) do update set
  position = excluded.position, name_uk = excluded.name_uk, name_en = excluded.name_en;
