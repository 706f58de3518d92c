-- The reports. Loaded whole with every version: the catalogue is what these files say.
delete from report.report_dimension;
delete from report.report_measure;
delete from report.dimension;
delete from report.measure;
delete from report.report;
insert into report.report (
  code, position, category, function_name, name_uk, name_en, question_uk, question_en, reader_uk, reader_en,
  chart, leading_measure, default_by, default_period, readers, filters, longest_days, source_table,
  yet_to_come_uk, yet_to_come_en
) values
  (
    'R01', 1, 'operational', 'api.report_r01', 'Стан приймання даних', 'Ingestion health',
    'Чи всі надсилають, чи вчасно і скільки відхилено?',
    'Does everyone send, in time, and how much is refused?',
    'Черговий: відкрити інцидент, зателефонувати організатору',
    'The duty officer: open an incident, call the organiser', 'status_grid', 'row_count', '{operator}',
    'today', '{regulator,auditor,operator}', '{operator}', 366,
    'rollup.arrival_day, rollup.ingest_hour, ledger.batch, ledger.refusal, rollup.request_day, '
    'rollup.request_hour', '', ''
  ),
  (
    'R02', 2, 'operational', 'api.report_r02', 'Повнота та якість даних',
    'Data completeness and quality', 'Чи повні дані організатора, чи придатні вони для рішень?',
    'Are an organiser''s data whole, and good enough to decide by?', 'Нагляд: припис виправити, санкція',
    'Supervision: order to correct, fine', 'heat_map', 'completeness_percent', '{operator}', '7-days',
    '{regulator,auditor,operator}', '{operator}', 366,
    'rollup.arrival_day, ledger.batch, ledger.refusal, rollup.matched_day, rollup.day, '
    'rollup.hour, report.declared_day',
    '', ''
  ),
  (
    'R03', 3, 'operational', 'api.report_r03', 'Обсяги ставок і виплат', 'Bets and payouts',
    'Скільки поставлено, повернуто й виграно, і чи змінилося це за тиждень?',
    'How much was staked, given back and won, and did it change within a week?',
    'Регулятор і ДПС: щоденний контроль', 'Regulator and tax service: daily control', 'columns', 'stake',
    '{day}', '7-days', '{regulator,tax_service,auditor,operator}',
    '{operator,gambling_type,licence,currency,channel,game}', 3660,
    'rollup.month, rollup.day, rollup.hour, rollup.play_month, rollup.play_day, '
    'rollup.game_day, rollup.game_hour', '', ''
  ),
  (
    'R04', 4, 'regulatory', 'api.report_r04', 'Дотримання ліцензій і реєстрів',
    'Licence and registry compliance',
    'Хто приймав ставки поза ліцензією або на незареєстрованих об’єктах?',
    'Who took bets outside of a licence or at objects that were not active?',
    'Ліцензування: зупинити дію, перевірити', 'Licensing: suspend, inspect', 'timeline',
    'outside_licence_stake', '{licence}', 'two-months', '{regulator,tax_service,auditor,operator}',
    '{operator,gambling_type,licence,channel,currency}', 3660,
    'rollup.month, rollup.day, rollup.hour, rollup.mark_month, rollup.mark_day, '
    'rollup.equipment_month, '
    'rollup.game_day, rollup.game_hour', '', ''
  ),
  (
    'R05', 5, 'regulatory', 'api.report_r05', 'Контроль відсотка виграшу (RTP)',
    'Control of the return to player (RTP)', 'Чи повертає гра гравцям стільки, скільки задекларовано?',
    'Does a game return to players what is declared of it?',
    'Контроль чесності: лабораторна перевірка, блокування гри',
    'Fairness unit: laboratory check, blocking of a game', 'funnel', 'rtp_difference', '{provider}',
    'two-months', '{regulator,auditor,fairness,operator}',
    '{operator,gambling_type,channel,game,provider,version,currency}', 366,
    'rollup.play_month, rollup.play_day, rollup.game_day, rollup.game_hour, rollup.round_day, '
    'rollup.return_month, rollup.return_day',
    'Сповіщення за висновками, їх розгляд і закриття з’являться разом із наглядом; доти висновки лише '
    'показано.',
    'Alerts of verdicts, their handling and closing come with supervision; until then verdicts are only '
    'shown.'
  ),
  (
    'R06', 6, 'regulatory', 'api.report_r06', 'Порушення та відмови', 'Breaches and refusals',
    'Що система позначила сама, у кого й скільки разів?',
    'What has the system itself marked, of whom and how often?',
    'Нагляд і фінмоніторинг: відкрити справу', 'Supervision and financial monitoring: open a case',
    'pareto', 'record_count', '{rule}', '7-days', '{regulator,auditor,financial_monitoring,operator}',
    '{operator,gambling_type,licence,channel,rule,currency}', 366,
    'rollup.market_mark_day, rollup.mark_day, rollup.hour, ledger.refusal',
    'Сповіщення за правилами, їх підтвердження, закриття та строки з’являться разом із наглядом.',
    'Alerts by rule, their confirmation, closing and times come with supervision.'
  ),
  (
    'R07', 7, 'analytical', 'api.report_r07', 'Активність гравців за видами ігор',
    'Activity of players by kind of gambling', 'Скільки рахунків грає, скільки програють, скільки вночі?',
    'How many accounts play, what do they lose, how much at night?',
    'Політика та запобігання шкоді: обмеження, кампанії',
    'Policy and prevention of harm: limits, campaigns', 'lorenz', 'net_stake', '{gambling_type}', 'month',
    '{regulator,auditor,operator}', '{operator,gambling_type,licence,currency}', 366,
    'rollup.month, rollup.day, rollup.hour, rollup.account_count, rollup.account_spread, '
    'rollup.account_cohort, rollup.cohort_sum, rollup.player_period', '', ''
  ),
  (
    'R08', 8, 'analytical', 'api.report_r08', 'Динаміка та структура ринку',
    'Market dynamics and structure', 'Хто й чим росте, наскільки ринок зосереджений?',
    'Who grows, by what, and how concentrated is the market?', 'Керівництво, міністерство: політика',
    'Management, ministry: policy', 'treemap', 'ggr', '{gambling_type}', 'month',
    '{regulator,auditor,operator}',
    '{operator,gambling_type,licence,currency}', 3660,
    'rollup.month, rollup.day, rollup.hour, rollup.play_month, rollup.play_day, rollup.game_hour',
    '', ''
  ),
  (
    'R09', 9, 'financial', 'api.report_r09', 'Валовий дохід організаторів (GGR)',
    'Organisers’ gross gaming revenue (GGR)', 'Який дохід організатора і як він змінився?',
    'What is an organiser’s revenue, and how has it changed?', 'Регулятор і ДПС: контроль надходжень',
    'Regulator and tax service: revenue control', 'waterfall', 'ggr', '{operator}', 'month',
    '{regulator,tax_service,auditor,operator}', '{operator,gambling_type,licence,currency,channel}',
    3660,
    'rollup.month, rollup.day, rollup.hour, report.declared_day, report.declared_days', '', ''
  ),
  (
    'R10', 10, 'financial', 'api.report_r10', 'Рух коштів гравців', 'Players’ cash flow',
    'Скільки гравці внесли й вивели, і чи сходяться залишки?',
    'How much did players pay in and out, and do balances agree?',
    'Фінмоніторинг і ДПС: протидія відмиванню, платоспроможність',
    'Financial monitoring and tax service: money laundering, solvency', 'mirrored', 'net_flow',
    '{operator}', '7-days', '{regulator,tax_service,auditor,financial_monitoring,operator}',
    '{operator,gambling_type,licence,currency,channel}', 3660,
    'rollup.month, rollup.day, rollup.hour, rollup.cash_band_day, rollup.cash_day, report.declared_day, '
    'report.declared_days',
    '', ''
  ),
  (
    'R11', 11, 'financial', 'api.report_r11', 'Податкова база та розрахунковий податок',
    'Tax base and estimated tax', 'Скільки податків, за оцінкою, належить з організатора і з якої бази?',
    'What taxes is an organiser estimated to owe, and of which base?', 'ДПС: камеральна перевірка',
    'Tax service: desk audit', 'taxes', 'estimated_of_win', '{operator}', 'quarter',
    '{regulator,tax_service,auditor,operator}', '{operator,gambling_type,licence,tax_class,currency}', 3660,
    'rollup.month, rollup.day, rollup.hour, registry.tax_rate, registry.tax_payment, '
    'report.declared_month', '', ''
  );
