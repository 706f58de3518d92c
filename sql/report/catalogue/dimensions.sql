-- By what reports may be grouped, and one step closer from there.
insert into report.dimension (
  code, position, name_uk, name_en, one_uk, one_en, in_time, longest_days, term
) values
  ('hour', 1, 'Години', 'Hours', 'Година', 'Hour', true, 93, 'kyiv_day'),
  ('day', 2, 'Дні', 'Days', 'День', 'Day', true, 3660, 'kyiv_day'),
  ('week', 3, 'Тижні', 'Weeks', 'Тиждень', 'Week', true, 3660, 'kyiv_day'),
  ('month', 4, 'Місяці', 'Months', 'Місяць', 'Month', true, 3660, 'kyiv_day'),
  ('quarter', 5, 'Квартали', 'Quarters', 'Квартал', 'Quarter', true, 3660, 'kyiv_day'),
  ('year', 6, 'Роки', 'Years', 'Рік', 'Year', true, 3660, 'kyiv_day'),
  ('operator', 7, 'Оператори', 'Operators', 'Оператор', 'Operator', false, 3660, 'operator'),
  (
    'gambling_type', 8, 'Види азартних ігор', 'Kinds of gambling', 'Вид азартних ігор',
    'Kind of gambling', false, 3660, 'gambling_type'
  ),
  ('licence', 9, 'Ліцензії', 'Licences', 'Ліцензія', 'Licence', false, 3660, 'licence'),
  (
    'channel', 10, 'Місця: зали, сайти, застосунки', 'Places: venues, sites, applications', 'Місце',
    'Place', false, 93, 'channel'
  ),
  ('game', 11, 'Ігри', 'Games', 'Гра', 'Game', false, 93, 'game'),
  ('equipment', 12, 'Обладнання', 'Equipment', 'Обладнання', 'Equipment', false, 93, 'equipment'),
  (
    'payment', 13, 'Способи розрахунку', 'Forms of settlement', 'Спосіб розрахунку',
    'Form of settlement', false, 93, 'payment'
  ),
  (
    'access_key', 14, 'Ключі доступу', 'Access keys', 'Ключ доступу', 'Access key', false, 93,
    'access_key'
  ),
  ('rule', 15, 'Правила', 'Rules', 'Правило', 'Rule', false, 366, 'breach'),
  (
    'tax_class', 16, 'Класи оподаткування', 'Tax classes', 'Клас оподаткування', 'Tax class', false, 3660,
    'tax_class'
  ),
  (
    'endpoint', 17, 'Операції API', 'Operations of the API', 'Операція API', 'Operation of the API',
    false, 93, 'api_request'
  ),
  ('error_code', 18, 'Коди помилок', 'Error codes', 'Код помилки', 'Error code', false, 93, 'error_code'),
  (
    'object_kind', 19, 'Види місць', 'Kinds of places', 'Вид місця', 'Kind of place', false, 93, 'channel'
  ),
  ('severity', 20, 'Рівні важливості', 'Severities', 'Рівень важливості', 'Severity', false, 366, 'severity'),
  (
    'amount_band', 21, 'Суми операцій', 'Amounts', 'Сума операції', 'Amount', false, 93, 'amount_band'
  ),
  (
    'cohort', 22, 'Когорти рахунків', 'Cohorts of accounts', 'Когорта', 'Cohort', false, 93, 'account_cohort'
  ),
  (
    'provider', 23, 'Постачальники ігор', 'Providers of games', 'Постачальник гри', 'Provider', false, 93,
    'game_provider'
  ),
  (
    'version', 24, 'Версії ігор', 'Versions of games', 'Версія гри', 'Version of a game', false, 93,
    'game_version'
  ),
  (
    'stake_band', 25, 'Ставка раунду (закриті дні)', 'Stake of the round (closed days)', 'Ставка раунду',
    'Stake of the round', false, 93, 'stake_band'
  ),
  ('region', 26, 'Області', 'Regions', 'Область', 'Region', false, 93, 'region'),
  ('tax_kind', 27, 'Податки', 'Taxes', 'Податок', 'Tax', false, 3660, 'tax_rate');

insert into report.report_dimension (
  report, dimension, position, leads_to
) values
  ('R01', 'operator', 1, 'access_key'),
  ('R01', 'access_key', 2, null),
  ('R01', 'day', 3, 'hour'),
  ('R01', 'hour', 4, null),
  ('R01', 'month', 5, 'day'),
  ('R01', 'endpoint', 6, null),
  ('R01', 'error_code', 7, null),
  ('R02', 'operator', 1, 'day'),
  ('R02', 'day', 2, 'operator'),
  ('R02', 'week', 3, 'day'),
  ('R02', 'month', 4, 'day'),
  ('R02', 'rule', 5, null),
  ('R03', 'day', 1, 'hour'),
  ('R03', 'hour', 2, null),
  ('R03', 'week', 3, 'day'),
  ('R03', 'month', 4, 'day'),
  ('R03', 'quarter', 5, 'month'),
  ('R03', 'year', 6, 'month'),
  ('R03', 'operator', 7, 'day'),
  ('R03', 'gambling_type', 8, 'operator'),
  ('R03', 'licence', 9, 'day'),
  ('R03', 'channel', 10, 'day'),
  ('R03', 'game', 11, 'day'),
  ('R03', 'equipment', 12, null),
  ('R03', 'payment', 13, null),
  ('R04', 'licence', 1, 'channel'),
  ('R04', 'operator', 2, 'licence'),
  ('R04', 'gambling_type', 3, 'operator'),
  ('R04', 'object_kind', 4, 'channel'),
  ('R04', 'channel', 5, null),
  ('R04', 'rule', 6, null),
  ('R05', 'provider', 1, 'version'),
  ('R05', 'version', 2, 'operator'),
  ('R05', 'game', 3, 'day'),
  ('R05', 'operator', 4, 'game'),
  ('R05', 'gambling_type', 5, 'game'),
  ('R05', 'day', 6, null),
  ('R05', 'month', 7, 'game'),
  ('R05', 'channel', 8, 'game'),
  ('R05', 'equipment', 9, null),
  ('R05', 'stake_band', 10, null),
  ('R06', 'rule', 1, 'operator'),
  ('R06', 'operator', 2, 'rule'),
  ('R06', 'day', 3, 'rule'),
  ('R06', 'week', 4, 'day'),
  ('R06', 'month', 5, 'day'),
  ('R06', 'severity', 6, null),
  ('R07', 'gambling_type', 1, 'operator'),
  ('R07', 'operator', 2, 'cohort'),
  ('R07', 'day', 3, null),
  ('R07', 'week', 4, 'day'),
  ('R07', 'month', 5, 'day'),
  ('R07', 'quarter', 6, 'month'),
  ('R07', 'hour', 7, null),
  ('R07', 'cohort', 8, null),
  ('R08', 'gambling_type', 1, 'operator'),
  ('R08', 'operator', 2, 'month'),
  ('R08', 'month', 3, 'operator'),
  ('R08', 'quarter', 4, 'month'),
  ('R08', 'year', 5, 'month'),
  ('R08', 'day', 6, 'operator'),
  ('R08', 'week', 7, 'day'),
  ('R08', 'region', 8, null),
  ('R09', 'operator', 1, 'gambling_type'),
  ('R09', 'gambling_type', 2, 'operator'),
  ('R09', 'licence', 3, 'day'),
  ('R09', 'channel', 4, 'day'),
  ('R09', 'day', 5, 'hour'),
  ('R09', 'hour', 6, null),
  ('R09', 'week', 7, 'day'),
  ('R09', 'month', 8, 'day'),
  ('R09', 'quarter', 9, 'month'),
  ('R09', 'year', 10, 'month'),
  ('R10', 'operator', 1, 'day'),
  ('R10', 'gambling_type', 2, 'operator'),
  ('R10', 'licence', 3, 'day'),
  ('R10', 'channel', 4, 'day'),
  ('R10', 'payment', 5, null),
  ('R10', 'day', 6, 'amount_band'),
  ('R10', 'hour', 7, null),
  ('R10', 'week', 8, 'day'),
  ('R10', 'month', 9, 'day'),
  ('R10', 'quarter', 10, 'month'),
  ('R10', 'year', 11, 'month'),
  ('R10', 'amount_band', 12, null),
  ('R11', 'operator', 1, 'tax_class'),
  ('R11', 'tax_class', 6, 'month'),
  ('R11', 'gambling_type', 2, 'operator'),
  ('R11', 'month', 3, 'operator'),
  ('R11', 'quarter', 4, 'month'),
  ('R11', 'year', 5, 'month'),
  ('R11', 'tax_kind', 7, null);
