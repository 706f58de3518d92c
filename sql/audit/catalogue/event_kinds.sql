-- What is noted in the trail. ``told``: operators are told of it where it concerns them;
-- ``by_portal``: pages may note it, all others only the functions that do the thing itself.
insert into audit.event_kind (kind, position, name_uk, name_en, told, by_portal) values
  ('login', 1, 'Вхід', 'Sign-in', true, false),
  ('login_refused', 2, 'Відмова у вході', 'Sign-in refused', true, true),
  ('logout', 3, 'Вихід', 'Sign-out', true, false),
  ('session_ended', 4, 'Сеанс завершено', 'Session ended', true, false),
  ('organisation_chosen', 5, 'Обрано організацію', 'Organisation chosen', true, false),
  ('step_up', 6, 'Дію підписано', 'Act signed', true, false),
  ('step_up_refused', 7, 'Підпис дії не прийнято', 'Signature of an act refused', true, true),
  ('reason', 10, 'Названо підставу доступу', 'Reason for access stated', false, false),
  ('view', 11, 'Перегляд транзакцій', 'Transactions viewed', true, false),
  ('refused', 12, 'Відмова у доступі', 'Access refused', false, true),
  ('refused_more', 13, 'Інші відмови за хвилину', 'Further refusals of a minute', false, false),
  ('export', 20, 'Експорт', 'Export', true, false),
  ('decision', 30, 'Рішення щодо реєстру', 'Decision on the register', true, false),
  ('change_step', 29, 'Крок зміни реєстру', 'Step of a change', true, false),
  ('licence', 31, 'Дія щодо ліцензії', 'Step of a licence', true, false),
  ('equipment', 32, 'Блокування обладнання', 'Blocking of equipment', true, false),
  ('tax_rate', 33, 'Ставка податку', 'Tax rate', false, false),
  ('fee', 34, 'Плата за ліцензію', 'Licence fee', false, false),
  ('declaration', 35, 'Декларація оператора', 'Operator''s declaration', true, false),
  ('key_issued', 40, 'Ключ видано', 'Key issued', true, false),
  ('key_rotated', 41, 'Ключ замінено', 'Key replaced', true, false),
  ('key_restricted', 42, 'Ключ обмежено', 'Key restricted', true, false),
  ('key_revoked', 43, 'Ключ відкликано', 'Key revoked', true, false),
  ('appointment', 50, 'Призначення посадової особи', 'Appointment of an official', false, false),
  ('permission', 51, 'Зміна прав', 'Change of permissions', false, false),
  ('lock', 52, 'Блокування доступу', 'Access locked', true, false),
  ('unlock', 53, 'Розблокування доступу', 'Access unlocked', true, false),
  ('settings', 60, 'Зміна налаштувань', 'Change of settings', false, false)
on conflict (kind) do update set
  position = excluded.position, name_uk = excluded.name_uk, name_en = excluded.name_en,
  told = excluded.told, by_portal = excluded.by_portal;
