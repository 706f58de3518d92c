-- What may be seen and done. Of a sight, "sees" is what the database lets the role read or call: a test
-- holds the matrix to the grants. Of an act, "power" is the registered power that a representative needs.
insert into identity.permission
  (code, position, area, name_uk, name_en, sees, power, dangerous, four_eyes)
values
  ('registers.read', 1, 'sight', 'Реєстри', 'Registers', 'api.entry', null, false, false),
  (
    'representatives.read', 2, 'sight', 'Особисті дані представників',
    'Personal data of representatives', 'api.representative_private', null, false, false
  ),
  (
    'changes.read', 3, 'sight', 'Заяви та зміни', 'Applications and changes', 'api.change', null, false,
    false
  ),
  ('keys.read', 4, 'sight', 'Ключі доступу', 'Access keys', 'api.access_key', null, false, false),
  ('figures.read', 5, 'sight', 'Підсумкові показники', 'Figures', 'api.rollup_day', null, false, false),
  (
    'batches.read', 6, 'sight', 'Прийняті пакети', 'Accepted batches', 'api.batch_detail(bigint)', null,
    false, false
  ),
  (
    'transactions.read', 7, 'sight', 'Окремі транзакції', 'Single transactions',
    'api.batch_transactions(bigint,integer,integer)', null, false, false
  ),
  (
    'cash_flow.read', 12, 'sight', 'Окремі поповнення й виведення коштів',
    'Single deposits and withdrawals',
    'api.transactions(timestamptz,timestamptz,integer[],smallint[],smallint[],smallint,uuid,integer,'
    'smallint,integer[],integer[],integer[],integer[],smallint,bigint,bigint,uuid)', null, false, false
  ),
  (
    'players.read', 8, 'sight', 'Псевдоніми гравців', 'Players'' pseudonyms', 'api.transaction_player',
    null, false, false
  ),
  (
    'declarations.read', 9, 'sight', 'Задекларовані підсумки', 'Declared totals', 'api.declared_day',
    null, false, false
  ),
  ('tax_rates.read', 10, 'sight', 'Ставки податків', 'Tax rates', 'api.tax_rate', null, false, false),
  (
    'tax_payments.read', 13, 'sight', 'Сплачені податки', 'Paid taxes', 'api.tax_payment', null, false, false
  ),
  (
    'officials.read', 11, 'sight', 'Посадові особи та їхні ролі', 'Officials and their roles',
    'api.appointment', null, false, false
  ),
  ('report.r01', 21, 'report', 'Звіт R01', 'Report R01', 'api.report_r01', null, false, false),
  ('report.r02', 22, 'report', 'Звіт R02', 'Report R02', 'api.report_r02', null, false, false),
  ('report.r03', 23, 'report', 'Звіт R03', 'Report R03', 'api.report_r03', null, false, false),
  ('report.r04', 24, 'report', 'Звіт R04', 'Report R04', 'api.report_r04', null, false, false),
  ('report.r05', 25, 'report', 'Звіт R05', 'Report R05', 'api.report_r05', null, false, false),
  ('report.r06', 26, 'report', 'Звіт R06', 'Report R06', 'api.report_r06', null, false, false),
  ('report.r07', 27, 'report', 'Звіт R07', 'Report R07', 'api.report_r07', null, false, false),
  ('report.r08', 28, 'report', 'Звіт R08', 'Report R08', 'api.report_r08', null, false, false),
  ('report.r09', 29, 'report', 'Звіт R09', 'Report R09', 'api.report_r09', null, false, false),
  ('report.r10', 30, 'report', 'Звіт R10', 'Report R10', 'api.report_r10', null, false, false),
  ('report.r11', 31, 'report', 'Звіт R11', 'Report R11', 'api.report_r11', null, false, false),
  (
    'registry.propose', 41, 'registry', 'Подавати заяви та зміни до реєстрів',
    'Propose changes of the registers', null, 'propose', false, false
  ),
  (
    'registry.decide', 42, 'registry', 'Розглядати заяви та зміни, погоджувати ліцензії',
    'Decide on applications and changes, approve licences', null, null, true, false
  ),
  (
    'registry.import', 43, 'registry', 'Вносити організатора з усіма записами',
    'Enter an operator with all its records', null, null, true, false
  ),
  (
    'licence.suspend', 44, 'registry', 'Зупиняти та поновлювати ліцензії',
    'Suspend and resume licences', null, null, true, false
  ),
  ('licence.revoke', 45, 'registry', 'Анулювати ліцензії', 'Revoke licences', null, null, true, false),
  (
    'equipment.block', 46, 'registry', 'Блокувати та розблоковувати обладнання',
    'Block and unblock equipment', null, null, true, false
  ),
  (
    'deadline.set', 47, 'registry', 'Встановлювати строки підключення',
    'Set deadlines for connecting', null, null, false, false
  ),
  (
    'deadline.verify', 48, 'registry', 'Звіряти строки підключення, встановлені іншою особою',
    'Verify deadlines for connecting that another has set', null, null, true, true
  ),
  (
    'limit.set', 49, 'registry', 'Встановлювати межі для руху коштів',
    'Set limits of cash flow', null, null, false, false
  ),
  (
    'limit.verify', 50, 'registry', 'Звіряти межі для руху коштів, встановлені іншою особою',
    'Verify limits of cash flow that another has set', null, null, true, true
  ),
  (
    'declaration.submit', 51, 'money', 'Подавати задекларовані підсумки', 'Declare totals', null,
    'propose', false, false
  ),
  (
    'fee.set', 52, 'money', 'Встановлювати плату за ліцензії', 'Set licence fees', null, null, false,
    false
  ),
  (
    'fee.verify', 53, 'money', 'Звіряти плату за ліцензії, встановлену іншою особою',
    'Verify licence fees that another has set', null, null, true, true
  ),
  (
    'tax_rate.propose', 54, 'money', 'Пропонувати ставки податків', 'Propose tax rates', null, null,
    false, false
  ),
  (
    'tax_rate.decide', 55, 'money', 'Підтверджувати ставки податків, запропоновані іншою особою',
    'Confirm tax rates that another has proposed', null, null, true, true
  ),
  (
    'tax_payment.record', 56, 'money', 'Вносити сплачені податки та скасовувати помилкові записи',
    'Record paid taxes and take mistaken records back', null, null, false, false
  ),
  (
    'key.manage', 61, 'access', 'Видавати, замінювати, звужувати та відкликати ключі',
    'Issue, rotate, restrict and revoke keys', null, 'keys', true, false
  ),
  (
    'key.limit', 62, 'access', 'Змінювати обмеження ключів', 'Change the limits of keys', null, null,
    false, false
  ),
  (
    'account.lock', 63, 'access', 'Негайно блокувати особу або організацію',
    'Lock a person or an organisation at once', null, null, true, false
  ),
  (
    'account.unlock', 64, 'access', 'Знімати блокування особи або організації',
    'Unlock a person or an organisation', null, null, true, true
  ),
  (
    'official.propose', 71, 'people', 'Пропонувати призначення, зміну, зупинення та припинення ролей',
    'Propose to appoint, change, suspend and end roles', null, null, false, false
  ),
  (
    'official.decide', 72, 'people', 'Вирішувати щодо ролей, запропонованих іншою особою',
    'Decide on roles that another has proposed', null, null, true, true
  ),
  (
    'representative.manage', 73, 'people', 'Визначати, хто з представників працює в кабінеті',
    'Say which representatives work here', null, null, true, false
  ),
  ('export.make', 81, 'own', 'Вивантажувати таблиці', 'Take tables away', null, null, false, false),
  ('view.save', 82, 'own', 'Зберігати подання', 'Save views', null, null, false, false);
