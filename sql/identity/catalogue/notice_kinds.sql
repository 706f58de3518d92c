-- Kinds of notices, loaded whole with each version. `words_*` hold names of facts in braces: of a fact
-- "name" the one of the language (name_uk, name_en) is taken where there is no fact of that very name;
-- facts that end in _at are moments, in _on days. A kind with `record_kinds` is raised by
-- maintenance.raise_expiring for records of these registers whose term ends; any other by whoever
-- calls identity.add_notice.
delete from identity.notice_kind;
insert into identity.notice_kind (
  kind, position, roles, name_uk, name_en, words_uk, words_en, icon, tone, by_mail, record_kinds
) values
  ('subscription', 1,
   '{operator,regulator,tax_service,registrar,auditor,financial_monitoring,fairness,administrator}',
   'Підписка', 'Subscription', '{name}', '{name}',
   'calendar', 'info', 'none', '{}'),
  ('export_ready', 2,
   '{operator,regulator,tax_service,registrar,auditor,financial_monitoring,fairness,administrator}',
   'Файл готовий', 'File ready', 'Файл готовий: {filename}', 'The file is ready: {filename}',
   'download', 'ok',
   'none', '{}'),
  ('export_failed', 3,
   '{operator,regulator,tax_service,registrar,auditor,financial_monitoring,fairness,administrator}',
   'Файл не створено', 'File not made', 'Файл не вдалося створити', 'The file could not be made',
   'alert', 'bad',
   'none', '{}'),
  ('licence_expiring', 4, '{operator,regulator,registrar}',
   'Строк дії ліцензії закінчується', 'A licence expires',
   'Ліцензія {code} діє до {until_at}: {operator}', 'Licence {code} is in force until {until_at}: {operator}',
   'clock', 'attention', 'digest', '{licence}'),
  ('key_expiring', 5, '{operator,registrar}',
   'Строк дії ключа доступу закінчується', 'An access key expires',
   'Ключ доступу «{name}» діє до {until_at}: {operator}',
   'The access key “{name}” works until {until_at}: {operator}',
   'key', 'attention', 'digest', '{access_key}'),
  ('certificate_expiring', 6, '{operator,regulator,registrar}',
   'Строк дії сертифіката закінчується', 'A certificate expires',
   'Сертифікат {code} ({name}) діє до {until_at}',
   'The certificate {code} ({name}) is valid until {until_at}',
   'shield', 'attention', 'digest', '{certificate}'),
  ('change_returned', 7, '{operator}',
   'Заяву повернуто на доопрацювання', 'An application was returned',
   'Повернуто на доопрацювання: {register}, № {number}', 'Returned to be mended: {register}, no. {number}',
   'refused', 'attention', 'digest', '{}'),
  ('data_missing', 8, '{operator}',
   'Немає даних за день', 'No data of a day',
   'За {day_on} від вас не надійшло жодного пакета', 'Of {day_on} no batch has come from you',
   'silent', 'bad', 'digest', '{}'),
  ('data_missing_market', 9, '{regulator}',
   'Організатори без даних за день', 'Operators without data of a day',
   'За {day_on} не надіслали жодного пакета організатори з чинними ключами: {number}',
   'Of {day_on} no batch has come from operators with keys in force: {number}',
   'silent', 'attention', 'digest', '{}');
