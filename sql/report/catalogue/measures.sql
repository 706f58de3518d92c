-- The figures of reports, each defined once, and which report holds which.
insert into report.measure (
  code, kind, name_uk, name_en, formula_uk, formula_en, source, additive, records, term
) values
  (
    'bet_count', 'count', 'Кількість ставок', 'Bets', 'ставки − скасовані ставки',
    'bets − bets taken back',
    'rollup.month, rollup.day, rollup.hour, rollup.play_month, rollup.play_day, '
    'rollup.game_day, rollup.game_hour, rollup.round_day: bet_count',
    true, '{bet}', 'bet_count'
  ),
  (
    'stake', 'money', 'Ставки', 'Stakes', 'сума ставок − сума скасованих ставок',
    'sum of bets − sum of bets taken back',
    'rollup.month, rollup.day, rollup.hour, rollup.play_month, rollup.play_day, '
    'rollup.game_day, rollup.game_hour: bet_minor',
    true, '{bet}', 'stake'
  ),
  (
    'refund_count', 'count', 'Кількість повернень', 'Refunds, number',
    'повернення − скасовані повернення', 'refunds − refunds taken back',
    'rollup.month, rollup.day, rollup.hour, rollup.play_month, rollup.play_day, '
    'rollup.game_day, rollup.game_hour: refund_count',
    true,
    '{refund}', 'refund'
  ),
  (
    'refund', 'money', 'Повернення', 'Refunds', 'сума повернень ставок', 'sum of stakes given back',
    'rollup.month, rollup.day, rollup.hour, rollup.play_month, rollup.play_day, '
    'rollup.game_day, rollup.game_hour: refund_minor',
    true, '{refund}', 'refund'
  ),
  (
    'net_stake', 'money', 'Чисті ставки', 'Net stakes', 'ставки − повернення', 'stakes − refunds',
    'rollup.month, rollup.day, rollup.hour, rollup.play_month, rollup.play_day, '
    'rollup.game_day, rollup.game_hour, rollup.round_day: bet_minor, refund_minor',
    true, '{bet,refund}', 'net_stake'
  ),
  (
    'win_count', 'count', 'Кількість виграшів', 'Wins', 'виграші − скасовані виграші',
    'wins − wins taken back',
    'rollup.month, rollup.day, rollup.hour, rollup.play_month, rollup.play_day, '
    'rollup.game_day, rollup.game_hour: win_count',
    true, '{win}', 'win'
  ),
  (
    'win', 'money', 'Виграші', 'Winnings', 'сума виграшів', 'sum of wins',
    'rollup.month, rollup.day, rollup.hour, rollup.play_month, rollup.play_day, '
    'rollup.game_day, rollup.game_hour, rollup.round_day: win_minor',
    true,
    '{win}', 'win'
  ),
  (
    'ggr', 'money', 'Валовий дохід', 'GGR', 'ставки − повернення − виграші',
    'stakes − refunds − winnings',
    'rollup.month, rollup.day, rollup.hour, rollup.play_month, rollup.play_day, '
    'rollup.game_day, rollup.game_hour: bet_minor, refund_minor, win_minor',
    true,
    '{bet,refund,win}', 'ggr'
  ),
  (
    'rtp_percent', 'percent', 'RTP', 'RTP', '100 · виграші ÷ чисті ставки',
    '100 · winnings ÷ net stakes',
    'rollup.month, rollup.day, rollup.hour, rollup.play_month, rollup.play_day, '
    'rollup.game_day, rollup.game_hour, rollup.round_day',
    false, '{}', 'rtp_percent'
  ),
  (
    'hold_percent', 'percent', 'Утримання', 'Hold', '100 − RTP', '100 − RTP',
    'rollup.month, rollup.day, rollup.hour, rollup.play_month, rollup.play_day, '
    'rollup.game_day, rollup.game_hour',
    false, '{}',
    'hold_percent'
  ),
  (
    'average_stake', 'money', 'Середня ставка', 'Average stake',
    'чисті ставки ÷ (ставки − повернення, кількість)', 'net stakes ÷ (bets − refunds, number)',
    'rollup.month, rollup.day, rollup.hour, rollup.play_month, rollup.play_day, '
    'rollup.game_day, rollup.game_hour',
    false, '{}', 'average_stake'
  ),
  (
    'refund_percent', 'percent', 'Частка повернень', 'Refunds, share', '100 · повернення ÷ ставки',
    '100 · refunds ÷ stakes',
    'rollup.month, rollup.day, rollup.hour, rollup.play_month, rollup.play_day, '
    'rollup.game_day, rollup.game_hour',
    false, '{}', ''
  ),
  (
    'week_before', 'money', 'Тиждень тому', 'Week before',
    'чисті ставки тих самих днів тижня на 7 днів раніше',
    'net stakes of the same weekdays 7 days earlier',
    'rollup.month, rollup.day, rollup.hour, rollup.play_month, rollup.play_day, '
    'rollup.game_day, rollup.game_hour',
    false, '{}', ''
  ),
  (
    'week_change_percent', 'percent', 'До минулого тижня', 'Against a week before',
    '100 · (чисті ставки ÷ чисті ставки тижнем раніше − 1)',
    '100 · (net stakes ÷ net stakes a week before − 1)',
    'rollup.month, rollup.day, rollup.hour, rollup.play_month, rollup.play_day, '
    'rollup.game_day, rollup.game_hour',
    false, '{}', 'same_weekday'
  ),
  (
    'year_to_date', 'money', 'GGR з початку року', 'GGR, year to date',
    'сума GGR від 1 січня до кінця рядка', 'sum of GGR from 1 January to the end of the row',
    'rollup.month, rollup.day, rollup.hour',
    false, '{}', ''
  ),
  (
    'previous_ggr', 'money', 'GGR попереднього періоду', 'GGR, previous period',
    'GGR рівного періоду безпосередньо перед цим', 'GGR of the equal period just before',
    'rollup.month, rollup.day, rollup.hour',
    false, '{}', ''
  ),
  (
    'previous_change_percent', 'percent', 'До попереднього періоду', 'Against the previous period',
    '100 · (середньоденний GGR ÷ попередній середньоденний GGR − 1)',
    '100 · (daily mean GGR ÷ previous daily mean − 1)',
    'rollup.month, rollup.day, rollup.hour',
    false, '{}', ''
  ),
  (
    'year_before_ggr', 'money', 'GGR рік тому', 'GGR, year before', 'GGR тих самих дат роком раніше',
    'GGR of the same dates a year earlier',
    'rollup.month, rollup.day, rollup.hour',
    false, '{}', ''
  ),
  (
    'year_change_percent', 'percent', 'До минулого року', 'Against the year before',
    '100 · (середньоденний GGR ÷ середньоденний GGR роком раніше − 1)',
    '100 · (daily mean GGR ÷ that of a year before − 1)',
    'rollup.month, rollup.day, rollup.hour',
    false, '{}', ''
  ),
  (
    'deposit_count', 'count', 'Кількість поповнень', 'Deposits, number',
    'поповнення − скасовані поповнення', 'deposits − deposits taken back',
    'rollup.month, rollup.day, rollup.hour: deposit_count',
    true, '{deposit}', 'deposit'
  ),
  (
    'deposit', 'money', 'Поповнення', 'Deposits', 'сума поповнень', 'sum of deposits',
    'rollup.month, rollup.day, rollup.hour: deposit_minor',
    true, '{deposit}', 'deposit'
  ),
  (
    'withdrawal_count', 'count', 'Кількість виведень', 'Withdrawals, number',
    'виведення − скасовані виведення', 'withdrawals − withdrawals taken back',
    'rollup.month, rollup.day, rollup.hour: withdrawal_count',
    true, '{withdrawal}', 'withdrawal'
  ),
  (
    'withdrawal', 'money', 'Виведення', 'Withdrawals', 'сума виведень', 'sum of withdrawals',
    'rollup.month, rollup.day, rollup.hour: withdrawal_minor',
    true, '{withdrawal}', 'withdrawal'
  ),
  (
    'net_flow', 'money', 'Чистий приплив', 'Net flow', 'поповнення − виведення',
    'deposits − withdrawals',
    'rollup.month, rollup.day, rollup.hour: deposit_minor, withdrawal_minor',
    true, '{deposit,withdrawal}',
    'net_flow'
  ),
  (
    'withdrawal_percent', 'percent', 'Виведено з поповнень', 'Withdrawn of deposits',
    '100 · виведення ÷ поповнення', '100 · withdrawals ÷ deposits',
    'rollup.month, rollup.day, rollup.hour',
    false, '{}', ''
  ),
  (
    'turnover_percent', 'percent', 'Обіг поповнень', 'Turnover of deposits',
    '100 · чисті ставки ÷ поповнення', '100 · net stakes ÷ deposits',
    'rollup.month, rollup.day, rollup.hour',
    false, '{}', ''
  ),
  (
    'average_deposit', 'money', 'Середнє поповнення', 'Average deposit', 'поповнення ÷ їх кількість',
    'deposits ÷ their number',
    'rollup.month, rollup.day, rollup.hour',
    false, '{}', ''
  ),
  (
    'average_withdrawal', 'money', 'Середнє виведення', 'Average withdrawal', 'виведення ÷ їх кількість',
    'withdrawals ÷ their number',
    'rollup.month, rollup.day, rollup.hour',
    false, '{}', ''
  ),
  (
    'balance_change', 'money', 'Очікувана зміна залишків', 'Expected change of balances',
    'чистий приплив − GGR', 'net flow − GGR',
    'rollup.month, rollup.day, rollup.hour',
    true, '{bet,refund,win,deposit,withdrawal}', ''
  ),
  (
    'row_count', 'count', 'Прийняті записи', 'Accepted rows', 'записи в прийнятих пакетах',
    'rows of accepted batches',
    'rollup.arrival_day, rollup.ingest_hour: row_count',
    true, '{}', 'rows'
  ),
  (
    'batch_count', 'count', 'Пакети', 'Batches', 'прийняті або (у R06) відхилені пакети',
    'accepted or (in R06) refused batches',
    'rollup.arrival_day, rollup.ingest_hour: batch_count; ledger.refusal',
    true, '{}', 'batch'
  ),
  (
    'refused_batch_count', 'count', 'Відхилені пакети', 'Refused batches', 'кількість відмов',
    'number of refusals',
    'rollup.arrival_day, rollup.ingest_hour: refusal_count',
    true, '{}', 'refusal'
  ),
  (
    'refused_batch_percent', 'percent', 'Частка відмов', 'Refused, share',
    '100 · відмови ÷ (пакети + відмови)', '100 · refusals ÷ (batches + refusals)',
    'rollup.arrival_day, rollup.ingest_hour',
    false, '{}', ''
  ),
  (
    'refused_row_count', 'count', 'Записи у відхилених пакетах', 'Rows of refused batches',
    'записи у відмовах, де їх можна було порахувати', 'rows of refusals, where they could be counted',
    'ledger.refusal.row_count', true, '{}', ''
  ),
  (
    'rows_per_s', 'number', 'Записів за секунду', 'Rows per second',
    'прийняті записи ÷ секунди періоду, що минули',
    'accepted rows ÷ seconds of the period that have passed',
    'rollup.arrival_day, rollup.ingest_hour',
    false, '{}', ''
  ),
  (
    'peak_rows_per_s', 'number', 'Найбільше за секунду', 'Peak rows per second',
    'записи найнавантаженішої хвилини ÷ 60', 'rows of the busiest minute ÷ 60',
    'rollup.arrival_day.peak_row_count, rollup.ingest_hour: minute_rows',
    false, '{}', ''
  ),
  (
    'lag_p50_ms', 'milliseconds', 'Затримка, медіана', 'Lag, median',
    'верхня межа проміжку гістограми, не вищого за який половина записів',
    'bound of the histogram’s bucket up to which half of the rows lie',
    'rollup.arrival_day, rollup.ingest_hour: lag_histogram',
    false, '{}', ''
  ),
  (
    'lag_p95_ms', 'milliseconds', 'Затримка, p95', 'Lag, p95', 'так само, 95 % записів',
    'likewise, 95 % of the rows',
    'rollup.arrival_day, rollup.ingest_hour: lag_histogram',
    false, '{}', ''
  ),
  (
    'lag_p99_ms', 'milliseconds', 'Затримка, p99', 'Lag, p99', 'так само, 99 % записів',
    'likewise, 99 % of the rows',
    'rollup.arrival_day, rollup.ingest_hour: lag_histogram',
    false, '{}', ''
  ),
  (
    'late_count', 'count', 'Запізнілі записи', 'Late rows',
    'записи, що надійшли пізніше ніж за 15 хвилин після події',
    'rows that came more than 15 minutes after the event',
    'rollup.arrival_day, rollup.ingest_hour: late_count',
    true, '{}',
    'late_row'
  ),
  (
    'late_percent', 'percent', 'Частка запізнілих', 'Late, share', '100 · запізнілі ÷ прийняті записи',
    '100 · late ÷ accepted rows',
    'rollup.arrival_day, rollup.ingest_hour',
    false, '{}', ''
  ),
  (
    'last_at', 'moment', 'Востаннє надійшло', 'Last received', 'останній пакет або відмова',
    'the last batch or refusal',
    'rollup.arrival_day, rollup.ingest_hour: last_at',
    false, '{}', 'last_received'
  ),
  (
    'request_count', 'count', 'Запити API', 'Requests of the API',
    'запити до операцій API, на які надано відповідь',
    'requests to operations of the API that were answered',
    'rollup.request_day, rollup.request_hour: request_count',
    true, '{}', 'api_request'
  ),
  (
    'replay_count', 'count', 'Повторні надсилання', 'Sent again',
    'із них пакети й декларації, на які ще раз відповіли тим самим: вони вже були збережені',
    'of them batches and declarations answered as before, since they were stored already',
    'rollup.request_day, rollup.request_hour',
    true, '{}', 'replay'
  ),
  (
    'fault_count', 'count', 'Збої сервера', 'Faults of the server',
    'із них запити, на які відповіли помилкою сервера (стан 500 і вище)',
    'of them requests answered with an error of the server (status 500 and above)',
    'rollup.request_day, rollup.request_hour: fault_count',
    true, '{}', 'availability'
  ),
  (
    'availability_percent', 'percent', 'Доступність API', 'Availability of the API',
    '100 · (запити − збої сервера) ÷ запити', '100 · (requests − faults of the server) ÷ requests',
    'rollup.request_day, rollup.request_hour',
    false, '{}', 'availability'
  ),
  (
    'expected', 'count', 'Очікувано пакетів', 'Batches expected', 'номери, які охоплюють потоки',
    'numbers that streams span', 'ledger.batch.stream_sequence', false, '{}', ''
  ),
  (
    'received', 'count', 'Отримано пакетів', 'Batches received',
    'пронумеровані пакети, отримані дотепер', 'numbered batches received up to now', 'ledger.batch',
    false, '{}', ''
  ),
  (
    'missing', 'count', 'Бракує пакетів', 'Batches missing', 'очікувано − отримано',
    'expected − received', 'ledger.batch', false, '{}', 'sequence_gap'
  ),
  (
    'completeness_percent', 'percent', 'Повнота', 'Completeness', '100 · отримано ÷ очікувано',
    '100 · received ÷ expected', 'ledger.batch', false, '{}', ''
  ),
  (
    'valid_percent', 'percent', 'Дійсні записи', 'Valid rows',
    '100 · прийняті ÷ (прийняті + відхилені записи)', '100 · accepted ÷ (accepted + refused rows)',
    'rollup.arrival_day, rollup.ingest_hour, ledger.batch, ledger.refusal',
    false, '{}', ''
  ),
  (
    'on_time_percent', 'percent', 'Вчасні записи', 'Rows on time',
    '100 · записи із затримкою до 65,5 с ÷ прийняті', '100 · rows with a lag up to 65.5 s ÷ accepted',
    'rollup.arrival_day.on_time_count, ledger.batch',
    false, '{}', ''
  ),
  (
    'duplicate_count', 'count', 'Повторні записи', 'Duplicates',
    'записи, відхилені з кодом duplicate_id', 'rows refused with the code duplicate_id',
    'ledger.refusal.codes', true, '{}', ''
  ),
  (
    'unique_percent', 'percent', 'Унікальні записи', 'Unique rows',
    '100 · (усі − повторні) ÷ усі надіслані', '100 · (all − duplicates) ÷ all sent',
    'rollup.arrival_day, ledger.batch, ledger.refusal',
    false, '{}', ''
  ),
  (
    'correction_count', 'count', 'Виправлення', 'Corrections', 'прийняті записи, що скасовують інший',
    'accepted records that take another back',
    'rollup.arrival_day.correction_count, ledger.batch.totals',
    true, '{}', 'cancellation'
  ),
  (
    'closed_days', 'count', 'Закриті дні', 'Closed days',
    'дні періоду, за які виплати зіставлено зі ставками; день закривається о 03:00 наступного',
    'days of the period whose payouts are joined to bets; a day closes at 03:00 of the next',
    'rollup.matched_day', false, '{}', 'closed_day'
  ),
  (
    'matched_percent', 'percent', 'Виплати з відомою ставкою', 'Payouts with a known bet',
    '100 · виграші й повернення, ставка раунду яких надійшла ÷ усі виграші й повернення; закриті дні подій',
    '100 · wins and refunds whose round has a bet that has come ÷ all wins and refunds; '
    'closed days of the events',
    'rollup.matched_day', false, '{}', 'matched'
  ),
  (
    'quality_score', 'number', 'Показник якості', 'Quality score',
    '0,30 · повнота + 0,25 · вчасні + 0,20 · дійсні + 0,15 · з відомою ставкою + 0,10 · унікальні; '
    'якщо однієї частини немає, показника немає',
    '0.30 · completeness + 0.25 · on time + 0.20 · valid + 0.15 · matched + 0.10 · unique; '
    'none where one part is missing',
    'rollup.arrival_day, ledger.batch, ledger.refusal, rollup.matched_day',
    false, '{}', 'quality_score'
  ),
  (
    'valid_until', 'moment', 'Чинна до', 'Valid until', 'кінець дії ліцензії, з кількох найраніший',
    'end of the licence, of several the first', 'registry.licence.valid_until', false, '{}',
    'licence_expiring'
  ),
  (
    'repeat_count', 'count', 'Повторення', 'Repeats',
    'Σ за організаторами й правилами: дні, коли правило порушено знову, без першого; скасовані записи теж',
    'Σ by organiser and rule: days on which it was broken again, without the first; cancelled records too',
    'rollup.market_mark_day, rollup.mark_day, rollup.hour, ledger.refusal',
    false, '{}', 'repeat'
  ),
  (
    'licence_status', 'status', 'Стан ліцензії', 'Status of the licence',
    'стан на кінець періоду, якщо він один на весь рядок: чинна, зупинена, закінчилася, анульована, ще не '
    'чинна',
    'at the end of the period, where one holds in all of the row: in force, suspended, expired, revoked, '
    'not yet in force', 'registry.licence, registry.licence_suspension', false, '{}', 'licence_status'
  ),
  (
    'licence_count', 'count', 'Ліцензії', 'Licences', 'кількість ліцензій', 'number of licences',
    'registry.licence', false, '{}', 'licence'
  ),
  (
    'licence_in_force_count', 'count', 'Чинні ліцензії', 'Licences in force',
    'із них чинні на кінець періоду', 'of them in force at the end of the period',
    'registry.licence, registry.licence_suspension', false, '{}', 'licence_status'
  ),
  (
    'active_key_count', 'count', 'Чинні ключі доступу', 'Active access keys',
    'робочі ключі, чинні на кінець періоду; ДПС їх не бачить',
    'live keys, active at the end of the period; the tax service does not see them',
    'registry.access_key', false, '{}', 'access_key'
  ),
  (
    'expired_certificate_count', 'count', 'Без чинного сертифіката', 'Without a valid certificate',
    'ігри й обладнання, чинні на кінець періоду, усі сертифікати ПЗ яких тоді вже не діють',
    'games and equipment active at the end of the period, none of whose certificates of software is then '
    'valid',
    'registry.certificate, registry.game, registry.equipment', false, '{}', 'certificate'
  ),
  (
    'days_left', 'number', 'Залишилося днів', 'Days left', 'день кінця дії − останній день періоду',
    'day of the end − last day of the period', 'registry.licence', false, '{}', ''
  ),
  (
    'outside_licence_count', 'count', 'Ставки поза строком дії', 'Bets outside the licence',
    'ставки з позначкою «ліцензія не чинна»', 'bets marked: licence not in force',
    'rollup.mark_month, rollup.mark_day, rollup.hour: breach & 1',
    true, '{}', 'breach_licence'
  ),
  (
    'outside_licence_stake', 'money', 'Сума поза строком дії', 'Stakes outside the licence',
    'сума цих ставок', 'sum of those bets',
    'rollup.mark_month, rollup.mark_day, rollup.hour: breach & 1',
    true, '{}', 'breach_licence'
  ),
  (
    'other_type_count', 'count', 'Ставки іншого виду', 'Bets of another kind',
    'ставки з позначкою «ліцензія іншого виду»', 'bets marked: licence of another kind',
    'rollup.mark_month, rollup.mark_day, rollup.hour: breach & 2',
    true, '{}', 'breach_type'
  ),
  (
    'other_type_stake', 'money', 'Сума іншого виду', 'Stakes of another kind', 'сума цих ставок',
    'sum of those bets',
    'rollup.mark_month, rollup.mark_day, rollup.hour: breach & 2',
    true, '{}', 'breach_type'
  ),
  (
    'inactive_object_count', 'count', 'Ставки на недійсному об’єкті', 'Bets at an inactive object',
    'ставки з позначкою «об’єкт не діє»', 'bets marked: object not active',
    'rollup.mark_month, rollup.mark_day, rollup.hour: breach & 4',
    true, '{}', 'breach_object'
  ),
  (
    'inactive_object_stake', 'money', 'Сума на недійсному об’єкті', 'Stakes at an inactive object',
    'сума цих ставок', 'sum of those bets',
    'rollup.mark_month, rollup.mark_day, rollup.hour: breach & 4',
    true, '{}', 'breach_object'
  ),
  (
    'declared_rtp_percent', 'percent', 'Задекларований RTP', 'Declared RTP',
    'RTP гри з реєстру; кількох ігор — середнє за чистими ставками',
    'the game’s RTP in the register; of several games weighted by net stakes',
    'registry.game.declared_rtp_ppm',
    false, '{}', ''
  ),
  (
    'rtp_difference', 'number', 'Різниця, в. п.', 'Difference, pp',
    'спостережений RTP − задекларований RTP', 'observed RTP − declared RTP',
    'rollup.play_month, rollup.play_day, rollup.game_day, rollup.game_hour, rollup.round_day',
    false,
    '{}', ''
  ),
  (
    'round_count', 'count', 'Оплачені раунди', 'Paid rounds',
    'раунди закритих днів, у яких є ставка й немає повернень',
    'rounds of closed days with a stake and without refunds',
    'rollup.return_month, rollup.return_day, rollup.round_day',
    true, '{}', ''
  ),
  (
    'unit_rtp_percent', 'percent', 'RTP за раундами', 'RTP by round',
    '100 · середнє (виграш ÷ ставка) раунду',
    '100 · mean (winnings ÷ stake) of a round',
    'rollup.return_month, rollup.return_day, rollup.round_day',
    false, '{}', ''
  ),
  (
    'hit_percent', 'percent', 'Виграшні раунди', 'Winning rounds',
    '100 · раунди з виграшем ÷ оплачені раунди',
    '100 · rounds with winnings ÷ paid rounds',
    'rollup.return_month, rollup.return_day, rollup.round_day',
    false, '{}', ''
  ),
  (
    'declared_sigma', 'number', 'Задекларована σ', 'Declared σ',
    '√(Σ раунди · σ² ÷ раунди) ігор, що декларують RTP і σ, у ставках',
    '√(Σ rounds · σ² ÷ rounds) of the games that declare RTP and σ, in stakes',
    'rollup.return_month, rollup.return_day, rollup.round_day, registry.game',
    false, '{}', ''
  ),
  (
    'observed_sigma', 'number', 'Спостережена σ', 'Observed σ',
    '√(Σm² ÷ n − (Σm ÷ n)²), m = виграш ÷ ставка раунду',
    '√(Σm² ÷ n − (Σm ÷ n)²), m = winnings ÷ stake of a round',
    'rollup.return_month, rollup.return_day, rollup.round_day',
    false, '{}', ''
  ),
  (
    'band_points', 'number', 'Смуга 99 %, ± в. п.', '99 % band, ± pp',
    '257,6 · σ ÷ √n, σ задекларована',
    '257.6 · σ ÷ √n, σ as declared',
    'rollup.return_month, rollup.return_day, rollup.round_day, registry.game',
    false, '{}', ''
  ),
  (
    'z_score', 'number', 'z', 'z',
    '(RTP за раундами − задекларований) · √n ÷ σ',
    '(RTP by round − declared) · √n ÷ σ',
    'rollup.return_month, rollup.return_day, rollup.round_day, registry.game',
    false, '{}', ''
  ),
  (
    'log_e_low', 'number', 'ln E: замало', 'ln E: too little',
    'докази, що гра повертає менше, ніж задекларовано: api.log_evidence, чинні за будь-якої кількості '
    'переглядів',
    'evidence that less is returned than declared: api.log_evidence, which holds however often it is '
    'looked at',
    'rollup.return_month, rollup.return_day, rollup.round_day, registry.game',
    false, '{}', ''
  ),
  (
    'log_e_high', 'number', 'ln E: забагато', 'ln E: too much',
    'докази, що гра повертає більше, ніж задекларовано',
    'evidence that more is returned than declared',
    'rollup.return_month, rollup.return_day, rollup.round_day, registry.game',
    false, '{}', ''
  ),
  (
    'return_verdict', 'status', 'Висновок', 'Verdict',
    'за середнім обох E серед K рядків: менше чи більше — E ≥ K ÷ 0,01; перевірити — e-BH, частка '
    'хибних 10 %; інакше в межах',
    'by the mean of both E among K rows: less or more where E ≥ K ÷ 0.01; look into it by e-BH at a '
    'share of false ones of 10 %; else within',
    'rollup.return_month, rollup.return_day, rollup.round_day, registry.game',
    false, '{}', ''
  ),
  (
    'undeclared_stake', 'money', 'Без декларації', 'Without declaration',
    'чисті ставки на ігри без задекларованого RTP', 'net stakes on games that declare none',
    'rollup.play_month, rollup.play_day, rollup.game_day, rollup.game_hour, rollup.round_day',
    true, '{bet,refund}', ''
  ),
  (
    'record_count', 'count', 'Записи', 'Records', 'записи з позначкою порушення',
    'records under a mark of breach',
    'rollup.market_mark_day, rollup.mark_day, rollup.hour',
    false, '{}', 'breach'
  ),
  (
    'amount', 'money', 'Сума ставок', 'Stakes concerned', 'сума ставок серед цих записів',
    'sum of the bets among them',
    'rollup.market_mark_day, rollup.mark_day, rollup.hour: bet_minor',
    false, '{}', ''
  ),
  (
    'operator_count', 'count', 'Організаторів', 'Organisers', 'різні організатори в рядку',
    'different organisers in the row',
    'rollup.market_mark_day, rollup.mark_day, rollup.month, rollup.day, rollup.hour',
    false, '{}', ''
  ),
  (
    'night_bet_count', 'count', 'Ставки вночі', 'Bets at night', 'ставки між 00:00 і 06:00 за Києвом',
    'bets between 00:00 and 06:00 in Kyiv',
    'rollup.month, rollup.day, rollup.hour: night_bet_count',
    true, '{bet}', ''
  ),
  (
    'night_bet_percent', 'percent', 'Частка нічних ставок', 'Bets at night, share',
    '100 · ставки вночі ÷ ставки', '100 · bets at night ÷ bets',
    'rollup.month, rollup.day, rollup.hour',
    false, '{}', ''
  ),
  (
    'night_stake', 'money', 'Чисті ставки вночі', 'Net stakes at night',
    'чисті ставки між 00:00 і 06:00 за Києвом', 'net stakes between 00:00 and 06:00 in Kyiv',
    'rollup.month, rollup.day, rollup.hour: night_bet_minor, night_refund_minor',
    true, '{bet,refund}', ''
  ),
  (
    'night_stake_percent', 'percent', 'Частка нічних сум', 'Stakes at night, share',
    '100 · чисті ставки вночі ÷ чисті ставки', '100 · net stakes at night ÷ net stakes',
    'rollup.month, rollup.day, rollup.hour',
    false, '{}', ''
  ),
  (
    'share_percent', 'percent', 'Частка ринку', 'Market share',
    '100 · GGR⁺ організатора ÷ сума GGR⁺ усіх, де GGR⁺ = max(GGR, 0)',
    '100 · the organiser’s GGR⁺ ÷ sum of all GGR⁺, where GGR⁺ = max(GGR, 0)',
    'rollup.month, rollup.day, rollup.hour',
    false, '{}',
    ''
  ),
  (
    'market_rank', 'number', 'Місце', 'Rank', 'місце за GGR, рівні ділять місце',
    'place by GGR, equals share it',
    'rollup.month, rollup.day, rollup.hour',
    false, '{}', ''
  ),
  (
    'previous_rank', 'number', 'Місце раніше', 'Previous rank', 'місце в попередньому періоді',
    'place in the previous period',
    'rollup.month, rollup.day, rollup.hour',
    false, '{}', ''
  ),
  (
    'rank_change', 'number', 'Зміна місця', 'Change of rank', 'попереднє місце − місце',
    'previous rank − rank',
    'rollup.month, rollup.day, rollup.hour',
    false, '{}', ''
  ),
  (
    'hhi', 'number', 'HHI', 'HHI', 'Σ (частка у відсотках)²', 'Σ (share in per cent)²',
    'rollup.month, rollup.day, rollup.hour',
    false, '{}', ''
  ),
  (
    'effective_operators', 'number', 'Ефективна кількість', 'Effective number', '10 000 ÷ HHI',
    '10,000 ÷ HHI',
    'rollup.month, rollup.day, rollup.hour',
    false, '{}', ''
  ),
  (
    'top_four_percent', 'percent', 'CR4', 'CR4', 'частка чотирьох найбільших',
    'share of the four largest',
    'rollup.month, rollup.day, rollup.hour',
    false, '{}', ''
  ),
  (
    'growth_contribution_percent', 'percent', 'Внесок у зростання', 'Contribution to growth',
    '100 · зміна GGR ÷ GGR усіх у попередньому періоді',
    '100 · change of GGR ÷ GGR of all in the previous period',
    'rollup.month, rollup.day, rollup.hour',
    false, '{}', ''
  ),
  (
    'active_count', 'count', 'Активні рахунки', 'Active accounts',
    'рахунки щонайменше з однією нескасованою ставкою; лише за цілі день, тиждень, місяць чи квартал',
    'accounts with a bet that was not taken back; of whole days, weeks, months and quarters only',
    'rollup.account_count.active_count, rollup.account_cohort',
    false, '{}', 'active_accounts'
  ),
  (
    'new_count', 'count', 'Нові рахунки', 'New accounts', 'активні вперше', 'active for the first time',
    'rollup.account_count.new_count', false, '{}', 'new_accounts'
  ),
  (
    'returning_count', 'count', 'Рахунки, що повернулися', 'Returning accounts', 'активні − нові',
    'active − new', 'rollup.account_count', false, '{}', 'returning_accounts'
  ),
  (
    'mean_daily_active', 'number', 'Активних за день', 'Active per day',
    'сума активних рахунків днів ÷ дні періоду, що почалися',
    'sum of the days’ active accounts ÷ days of the period that have begun',
    'rollup.account_count.active_days', false, '{}', 'mean_daily_active'
  ),
  (
    'daily_to_period_percent', 'percent', 'DAU/MAU', 'DAU/MAU',
    '100 · активних за день ÷ активні рахунки періоду',
    '100 · active per day ÷ active accounts of the period', 'rollup.account_count', false, '{}',
    'daily_to_period'
  ),
  (
    'active_days_per_account', 'number', 'Днів гри на рахунок', 'Days of play per account',
    'сума активних рахунків днів ÷ активні рахунки',
    'sum of the days’ active accounts ÷ active accounts', 'rollup.account_count', false, '{}',
    'active_days'
  ),
  (
    'bets_per_active', 'number', 'Ставок на рахунок', 'Bets per account', 'ставки ÷ активні рахунки',
    'bets ÷ active accounts',
    'rollup.month, rollup.day, rollup.hour, rollup.account_count',
    false, '{}', ''
  ),
  (
    'stake_per_active', 'money', 'Поставлено на рахунок', 'Stakes per account',
    'ставки ÷ активні рахунки', 'stakes ÷ active accounts',
    'rollup.month, rollup.day, rollup.hour, rollup.account_count',
    false,
    '{}', 'stake_per_active'
  ),
  (
    'arppa', 'money', 'GGR на рахунок (ARPPA)', 'GGR per account (ARPPA)', 'GGR ÷ активні рахунки',
    'GGR ÷ active accounts',
    'rollup.month, rollup.day, rollup.hour, rollup.account_count',
    false, '{}', 'arppa'
  ),
  (
    'top1_share_percent', 'percent', 'Частка 1 % рахунків', 'Share of 1 % of accounts',
    '100 · програш 1 % рахунків, що програли найбільше ÷ програш усіх, що програли',
    '100 · losses of the 1 % that lost most ÷ losses of all that lost', 'rollup.account_spread', false,
    '{}', 'top_share'
  ),
  (
    'top10_share_percent', 'percent', 'Частка 10 % рахунків', 'Share of 10 % of accounts',
    'так само, 10 % рахунків', 'likewise, 10 % of accounts', 'rollup.account_spread', false, '{}',
    'top_share'
  ),
  (
    'loss_1000_count', 'count', 'Програли понад 1 000', 'Lost over 1,000',
    'рахунки, у яких ставки − повернення − виграші > 1 000 одиниць валюти',
    'accounts with stakes − refunds − winnings > 1,000 of the currency',
    'rollup.account_spread.loss_counts', false, '{}', 'loss_over'
  ),
  (
    'loss_10000_count', 'count', 'Програли понад 10 000', 'Lost over 10,000', 'так само, понад 10 000',
    'likewise, over 10,000', 'rollup.account_spread.loss_counts', false, '{}', 'loss_over'
  ),
  (
    'loss_100000_count', 'count', 'Програли понад 100 000', 'Lost over 100,000',
    'так само, понад 100 000', 'likewise, over 100,000', 'rollup.account_spread.loss_counts', false,
    '{}', 'loss_over'
  ),
  (
    'night_account_count', 'count', 'Рахунки, що грали вночі', 'Accounts that played at night',
    'активні рахунки зі ставками між 00:00 і 06:00 за Києвом',
    'active accounts with stakes between 00:00 and 06:00 in Kyiv',
    'rollup.account_spread.night_account_count', false, '{}', 'night_share'
  ),
  (
    'declared_days', 'count', 'Задекларовано днів', 'Days declared',
    'дні організаторів, за які є декларація', 'organisers’ days with a declaration',
    'report.declared_day, report.declared_days', false, '{}', 'declared_day'
  ),
  (
    'declared_ggr', 'money', 'Задекларований GGR', 'Declared GGR',
    'задекларовані ставки − повернення − виграші за задекларовані дні',
    'declared stakes − refunds − winnings of the declared days',
    'report.declared_day, report.declared_days', false, '{}',
    'declared_ggr'
  ),
  (
    'declared_difference', 'money', 'Різниця декларацій', 'Difference of declarations',
    'задекларований GGR − GGR тих самих днів за записами',
    'declared GGR − GGR of the same days by the records',
    'report.declared_day, report.declared_days, rollup.month, rollup.day',
    false, '{}',
    'declared_difference'
  ),
  (
    'declared_difference_percent', 'percent', 'Різниця декларацій, %', 'Difference of declarations, %',
    '100 · різниця ÷ GGR задекларованих днів за записами',
    '100 · difference ÷ GGR of the declared days by the records',
    'report.declared_day, report.declared_days, rollup.month, rollup.day',
    false, '{}', 'declared_difference'
  ),
  (
    'open_bets', 'money', 'Відкриті ставки', 'Open bets',
    'задекларовані на кінець останнього задекларованого дня кожного організатора',
    'as declared at the end of each organiser’s last declared day',
    'report.declared_day, report.declared_days', false, '{}', 'open_bets'
  ),
  (
    'declared_balance_change', 'money', 'Задекларована зміна залишків', 'Declared change of balances',
    'сума (залишок на кінець − на початок) задекларованих днів',
    'sum of (closing − opening balance) of the declared days',
    'report.declared_day, report.declared_days', false, '{}',
    'declared_balance'
  ),
  (
    'identity_error', 'money', 'Похибка залишків', 'Error of balances',
    'задекларована зміна залишків − (чистий приплив − GGR) тих самих днів',
    'declared change of balances − (net flow − GGR) of the same days',
    'report.declared_day, report.declared_days, rollup.month, rollup.day',
    false, '{}', 'identity_error'
  ),
  (
    'balance_liability', 'money', 'Залишки гравців', 'Players’ balances',
    'задекларовані на кінець останнього задекларованого дня кожного організатора',
    'as declared at the end of each organiser’s last declared day',
    'report.declared_day, report.declared_days', false, '{}', 'declared_balance'
  ),
  (
    'control_count_difference', 'count', 'Розбіжність кількості', 'Difference of counts',
    'Σ за організаторами, днями й видами |задекларовано − отримано|, записів',
    'Σ by organiser, day and type |declared − received|, records',
    'report.declared_day, rollup.day',
    false, '{}', 'declared_difference'
  ),
  (
    'control_sum_difference', 'money', 'Розбіжність сум', 'Difference of sums',
    'Σ за організаторами, днями й видами |задекларовано − отримано|',
    'Σ by organiser, day and type |declared − received|',
    'report.declared_day, rollup.day',
    false, '{}',
    'declared_difference'
  ),
  (
    'equipment_count', 'count', 'Обладнання', 'Equipment',
    'одиниці, зареєстровані чинними на кінець періоду',
    'pieces registered as active when the period ends', 'registry.equipment', false, '{}', ''
  ),
  (
    'critical_count', 'count', 'Критичні записи', 'Critical records',
    'із них без чинної ліцензії (breach:1) або за ліцензією іншого виду (breach:2)',
    'of them without a licence in force (breach:1) or under one of another kind (breach:2)',
    'rollup.market_mark_day, rollup.mark_day, rollup.hour',
    false, '{}', ''
  ),
  (
    'active_equipment_count', 'count', 'Обладнання, що працює', 'Equipment at work',
    'із них із записами за період', 'of them with records in the period',
    'registry.equipment, rollup.equipment_month, rollup.game_day, rollup.game_hour',
    false, '{}', ''
  ),
  (
    'silent_equipment_count', 'count', 'Обладнання, що мовчить', 'Silent equipment',
    'із них без жодного запису за період', 'of them without any record in the period',
    'registry.equipment, rollup.equipment_month, rollup.game_day, rollup.game_hour',
    false, '{}', ''
  ),
  (
    'venue_count', 'count', 'Зали й пункти', 'Venues', 'місця, зареєстровані чинними на кінець періоду',
    'venues registered as active when the period ends', 'registry.channel', false, '{}', ''
  ),
  (
    'site_count', 'count', 'Сайти й застосунки', 'Sites and applications',
    'сайти й застосунки, зареєстровані чинними на кінець періоду',
    'sites and applications registered as active when the period ends', 'registry.channel', false, '{}',
    ''
  ),
  (
    'ggr_per_equipment_day', 'money', 'GGR на добу обладнання', 'GGR per day of equipment',
    'GGR гри на обладнанні ÷ доби, коли одиниці були зареєстровані чинними',
    'GGR of play on equipment ÷ days on which pieces were registered as active',
    'rollup.play_month, rollup.play_day, rollup.game_hour, registry.equipment',
    false, '{}', ''
  ),
  (
    'taxable_ggr', 'money', 'Оподатковуваний GGR (оцінка)', 'Taxable GGR (estimated)',
    'Σ за платником, класом і частиною місяця з однією ставкою: max(0, GGR), якщо збитки не переносять',
    'Σ by taxpayer, class and part of a month with one rate: max(0, GGR), unless losses are carried',
    'rollup.month, rollup.day, registry.tax_rate', false, '{}', 'tax_base'
  ),
  (
    'tax_rate_percent', 'percent', 'Ставка податку з GGR', 'Rate of the GGR tax',
    'ставка за датою, якщо вона одна на весь рядок', 'rate by date, where one holds in all of the row',
    'registry.tax_rate.rate_ppm', false, '{}', 'tax_rate'
  ),
  (
    'ggr_tax', 'money', 'Податок з GGR (оцінка)', 'GGR tax (estimated)',
    'Σ оподатковуваний GGR · ставка', 'Σ taxable GGR · rate', 'registry.tax_rate, rollup.month', false,
    '{}', 'tax_rate'
  ),
  (
    'pit_of_win', 'money', 'ПДФО з виграшів (оцінка)', 'Income tax of winnings (estimated)',
    'Σ виграші · ставка, якщо база — виграш', 'Σ winnings · rate, if winnings are the base',
    'registry.tax_rate, rollup.month', false, '{}', 'tax_base'
  ),
  (
    'pit_of_withdrawal', 'money', 'ПДФО з виведень (оцінка)', 'Income tax of withdrawals (estimated)',
    'Σ виведення · ставка, якщо база — виведення', 'Σ withdrawals · rate, if withdrawals are the base',
    'registry.tax_rate, rollup.month', false, '{}', 'tax_base'
  ),
  (
    'levy_of_win', 'money', 'Військовий збір з виграшів (оцінка)',
    'Military levy of winnings (estimated)', 'Σ виграші · ставка збору', 'Σ winnings · rate of the levy',
    'registry.tax_rate, rollup.month', false, '{}', 'tax_base'
  ),
  (
    'levy_of_withdrawal', 'money', 'Військовий збір з виведень (оцінка)',
    'Military levy of withdrawals (estimated)', 'Σ виведення · ставка збору',
    'Σ withdrawals · rate of the levy', 'registry.tax_rate, rollup.month', false, '{}', 'tax_base'
  ),
  (
    'unverified_rate_count', 'count', 'Непідтверджені ставки', 'Unconfirmed rates',
    'різні ставки в рядку, за отриманим і за задекларованим, яких не підтвердили двоє посадовців',
    'different rates in the row, of what came and of what was declared, that no two officials have confirmed',
    'registry.tax_rate.verified_by', false, '{}', 'tax_confirmed'
  ),
  (
    'declared_months', 'count', 'Задекларовано місяців', 'Months declared',
    'касові декларації цілих місяців за видами азартних ігор',
    'declarations of whole months and kinds of gambling on the cash basis', 'report.declared_month',
    false, '{}', 'declared_basis'
  ),
  (
    'declared_month_ggr', 'money', 'GGR за місячними деклараціями', 'GGR declared by month',
    'сума цих декларацій', 'sum of those declarations', 'report.declared_month.ggr_minor', false, '{}',
    'declared_ggr'
  ),
  (
    'declared_month_difference', 'money', 'Різниця місячних декларацій',
    'Difference of monthly declarations', 'задекларовано − GGR тих самих місяців і видів за записами',
    'declared − GGR of the same months and kinds by the records', 'report.declared_month, rollup.month',
    false, '{}', 'declared_difference'
  ),
  (
    'large_deposit_count', 'count', 'Великі поповнення, кількість', 'Large deposits, number',
    'поповнення на суму T і більше за закриті дні; T встановлює посадовець, доки її немає — «—»',
    'deposits of T or more on closed days; T is set by an official, while there is none: —',
    'rollup.cash_day.large_count, registry.cash_limit', false, '{}', 'large_deposit'
  ),
  (
    'large_deposit', 'money', 'Великі поповнення', 'Large deposits', 'сума цих поповнень',
    'sum of these deposits',
    'rollup.cash_day.large_minor, registry.cash_limit', false, '{}', 'large_deposit'
  ),
  (
    'pass_through_count', 'count', 'Транзитні рахунки, за днями', 'Pass-through accounts, by day',
    'рахунки, на які за добу внесли щонайменше межу, поставили меншу частку внесеного '
    '(ставки − повернення), ніж межа, а вивели більшу; рахунок рахують кожного такого закритого дня',
    'accounts that within a day took in the limit or more, staked a smaller share of it '
    '(stakes − refunds) than the limit and gave out a larger one; an account counts on each such closed day',
    'rollup.cash_day.pass_through_count, registry.cash_limit', false, '{}', 'pass_through'
  ),
  (
    'unverified_limit_count', 'count', 'Непідтверджені межі', 'Unconfirmed limits',
    'різні межі великих поповнень і транзитних рахунків у рядку, яких не підтвердив другий посадовець',
    'different limits of large deposits and pass-through accounts in the row that no second official has '
    'confirmed',
    'registry.cash_limit.verified_by', false, '{}', 'cash_limit'
  ),
  (
    'trend_percent', 'percent', 'Тренд за 12 місяців, % на місяць', '12-month trend, % a month',
    'нахил прямої найменших квадратів через GGR на день 12 останніх цілих місяців ÷ їхнє середнє',
    'slope of the least-squares line through GGR per day of the last 12 whole months ÷ their mean',
    'rollup.month', false, '{}', 'trend'
  ),
  (
    'declared_ggr_tax', 'money', 'Податок із задекларованого GGR (оцінка)', 'Tax on declared GGR (estimated)',
    'Σ за платником, місяцем і класом max(0, задекларований GGR) × ставка, що діє цілий місяць',
    'Σ by taxpayer, month and class of max(0, declared GGR) × the rate that holds all month',
    'report.declared_month.ggr_minor, registry.tax_rate', false, '{}', 'declared_ggr'
  ),
  (
    'estimated_of_win', 'money', 'Усі податки з виграшів (оцінка)', 'All taxes on winnings (estimated)',
    'податок на дохід + ПДФО + військовий збір з виграшів',
    'income tax + personal income tax + military levy on winnings',
    'rollup.month, rollup.day, registry.tax_rate', false, '{}', 'tax_rate'
  ),
  (
    'estimated_of_withdrawal', 'money', 'Усі податки з виведень (оцінка)',
    'All taxes on withdrawals (estimated)', 'податок на дохід + ПДФО + військовий збір з виведень',
    'income tax + personal income tax + military levy on withdrawals',
    'rollup.month, rollup.day, registry.tax_rate', false, '{}', 'tax_rate'
  ),
  (
    'paid', 'money', 'Сплачено', 'Paid',
    'сплачено за цілі місяці періоду, за записами ДПС на цей момент',
    'paid for whole months of the period, as the tax service has recorded by now',
    'registry.tax_payment.amount_minor', false, '{}', 'tax_paid'
  ),
  (
    'gap_of_win', 'money', 'Розрив за виграшами (оцінка)', 'Gap on winnings (estimated)',
    'усі податки цілих місяців із виграшів − сплачено', 'all taxes of whole months on winnings − paid',
    'rollup.month, registry.tax_rate, registry.tax_payment', false, '{}', 'tax_gap'
  ),
  (
    'gap_of_win_percent', 'percent', 'Розрив за виграшами, % (оцінка)', 'Gap on winnings, % (estimated)',
    'розрив ÷ усі податки цілих місяців із виграшів', 'gap ÷ all taxes of whole months on winnings',
    'rollup.month, registry.tax_rate, registry.tax_payment', false, '{}', 'tax_gap'
  ),
  (
    'gap_of_withdrawal', 'money', 'Розрив за виведеннями (оцінка)', 'Gap on withdrawals (estimated)',
    'усі податки цілих місяців із виведень − сплачено',
    'all taxes of whole months on withdrawals − paid',
    'rollup.month, registry.tax_rate, registry.tax_payment', false, '{}', 'tax_gap'
  ),
  (
    'gap_of_withdrawal_percent', 'percent', 'Розрив за виведеннями, % (оцінка)',
    'Gap on withdrawals, % (estimated)', 'розрив ÷ усі податки цілих місяців із виведень',
    'gap ÷ all taxes of whole months on withdrawals',
    'rollup.month, registry.tax_rate, registry.tax_payment', false, '{}', 'tax_gap'
  );

-- What is not made of arrivals is told otherwise as of a past moment; see the comment of the column.
update report.measure as m
set past = t.past
from (
  select 'closed' as past, array[
      'matched_percent', 'closed_days', 'quality_score', 'active_count', 'new_count', 'returning_count',
      'mean_daily_active', 'daily_to_period_percent', 'active_days_per_account', 'bets_per_active',
      'arppa', 'stake_per_active', 'top1_share_percent', 'top10_share_percent', 'loss_1000_count',
      'loss_10000_count', 'loss_100000_count', 'night_account_count', 'large_deposit_count',
      'large_deposit', 'pass_through_count', 'unverified_limit_count', 'round_count',
      'unit_rtp_percent', 'hit_percent', 'declared_sigma', 'observed_sigma', 'band_points', 'z_score',
      'log_e_low', 'log_e_high', 'return_verdict'
    ] as codes
  union all
  select 'ended' as past, array[
      'request_count', 'replay_count', 'fault_count', 'availability_percent'
    ] as codes
  union all
  select 'now' as past, array[
      'licence_status', 'valid_until', 'days_left', 'equipment_count', 'active_equipment_count',
      'silent_equipment_count', 'expired_certificate_count', 'active_key_count', 'licence_count',
      'licence_in_force_count', 'declared_rtp_percent', 'rtp_difference', 'undeclared_stake',
      'venue_count', 'site_count', 'ggr_per_equipment_day'
    ] as codes
) as t
where m.code = any(t.codes);

insert into report.report_measure (
  report, measure, position, shown, series
) values
  ('R01', 'row_count', 1, true, 'curve'),
  ('R01', 'batch_count', 2, true, null),
  ('R01', 'refused_batch_count', 3, true, null),
  ('R01', 'refused_batch_percent', 4, true, null),
  ('R01', 'refused_row_count', 5, true, 'curve'),
  ('R01', 'valid_percent', 6, true, null),
  ('R01', 'rows_per_s', 7, true, null),
  ('R01', 'peak_rows_per_s', 8, true, null),
  ('R01', 'lag_p50_ms', 9, true, null),
  ('R01', 'lag_p95_ms', 10, true, 'line'),
  ('R01', 'lag_p99_ms', 11, true, null),
  ('R01', 'late_count', 12, true, null),
  ('R01', 'late_percent', 13, true, null),
  ('R01', 'last_at', 14, true, null),
  ('R01', 'request_count', 15, true, null),
  ('R01', 'replay_count', 16, true, null),
  ('R01', 'fault_count', 17, false, null),
  ('R01', 'availability_percent', 18, true, null),
  ('R02', 'expected', 1, true, null),
  ('R02', 'received', 2, true, null),
  ('R02', 'missing', 3, true, null),
  ('R02', 'completeness_percent', 4, true, 'line'),
  ('R02', 'quality_score', 5, true, null),
  ('R02', 'row_count', 6, true, 'up'),
  ('R02', 'batch_count', 7, true, null),
  ('R02', 'refused_batch_count', 8, true, null),
  ('R02', 'refused_row_count', 9, true, 'down'),
  ('R02', 'valid_percent', 10, true, null),
  ('R02', 'on_time_percent', 11, true, null),
  ('R02', 'late_count', 12, true, null),
  ('R02', 'late_percent', 13, true, null),
  ('R02', 'duplicate_count', 14, true, null),
  ('R02', 'unique_percent', 15, true, null),
  ('R02', 'matched_percent', 16, true, null),
  ('R02', 'closed_days', 17, false, null),
  ('R02', 'correction_count', 18, true, null),
  ('R02', 'declared_days', 19, false, null),
  ('R02', 'control_count_difference', 20, true, null),
  ('R02', 'control_sum_difference', 21, true, null),
  ('R03', 'bet_count', 1, true, null),
  ('R03', 'stake', 2, true, 'up'),
  ('R03', 'refund', 3, true, 'down'),
  ('R03', 'refund_count', 4, false, null),
  ('R03', 'net_stake', 5, true, null),
  ('R03', 'win_count', 6, false, null),
  ('R03', 'win', 7, true, 'down'),
  ('R03', 'ggr', 8, true, 'line'),
  ('R03', 'rtp_percent', 9, true, 'line'),
  ('R03', 'hold_percent', 10, false, null),
  ('R03', 'average_stake', 11, true, null),
  ('R03', 'refund_percent', 12, false, null),
  ('R03', 'week_before', 13, false, null),
  ('R03', 'week_change_percent', 14, true, null),
  ('R04', 'licence_status', 0, true, null),
  ('R04', 'valid_until', 1, true, null),
  ('R04', 'days_left', 2, true, null),
  ('R04', 'bet_count', 3, true, null),
  ('R04', 'stake', 4, true, 'up'),
  ('R04', 'outside_licence_count', 5, true, null),
  ('R04', 'outside_licence_stake', 6, true, 'down'),
  ('R04', 'other_type_count', 7, true, null),
  ('R04', 'other_type_stake', 8, true, null),
  ('R04', 'inactive_object_count', 9, true, null),
  ('R04', 'inactive_object_stake', 10, true, null),
  ('R04', 'equipment_count', 11, false, null),
  ('R04', 'active_equipment_count', 12, true, null),
  ('R04', 'silent_equipment_count', 13, true, null),
  ('R04', 'expired_certificate_count', 14, true, null),
  ('R04', 'active_key_count', 15, true, null),
  ('R04', 'licence_count', 16, false, null),
  ('R04', 'licence_in_force_count', 17, false, null),
  ('R05', 'bet_count', 1, true, null),
  ('R05', 'net_stake', 2, true, 'up'),
  ('R05', 'win', 3, true, 'down'),
  ('R05', 'declared_rtp_percent', 4, true, null),
  ('R05', 'rtp_percent', 5, true, null),
  ('R05', 'rtp_difference', 6, true, 'line'),
  ('R05', 'return_verdict', 7, true, null),
  ('R05', 'undeclared_stake', 8, true, null),
  ('R05', 'round_count', 9, true, null),
  ('R05', 'unit_rtp_percent', 10, false, null),
  ('R05', 'hit_percent', 11, false, null),
  ('R05', 'declared_sigma', 12, false, null),
  ('R05', 'observed_sigma', 13, false, null),
  ('R05', 'band_points', 14, true, null),
  ('R05', 'z_score', 15, true, null),
  ('R05', 'log_e_low', 16, false, null),
  ('R05', 'log_e_high', 17, false, null),
  ('R06', 'record_count', 1, true, 'up'),
  ('R06', 'critical_count', 2, true, null),
  ('R06', 'batch_count', 3, true, 'line'),
  ('R06', 'amount', 4, true, null),
  ('R06', 'operator_count', 5, true, null),
  ('R06', 'repeat_count', 6, true, null),
  ('R07', 'active_count', 1, true, 'line'),
  ('R07', 'new_count', 2, true, null),
  ('R07', 'returning_count', 3, false, null),
  ('R07', 'mean_daily_active', 4, true, null),
  ('R07', 'daily_to_period_percent', 5, false, null),
  ('R07', 'active_days_per_account', 6, true, null),
  ('R07', 'bet_count', 7, true, null),
  ('R07', 'net_stake', 8, true, 'curve'),
  ('R07', 'ggr', 9, true, 'curve'),
  ('R07', 'average_stake', 10, false, null),
  ('R07', 'bets_per_active', 11, false, null),
  ('R07', 'stake_per_active', 12, false, null),
  ('R07', 'arppa', 13, true, null),
  ('R07', 'top1_share_percent', 14, false, null),
  ('R07', 'top10_share_percent', 15, true, null),
  ('R07', 'loss_1000_count', 16, false, null),
  ('R07', 'loss_10000_count', 17, true, null),
  ('R07', 'loss_100000_count', 18, false, null),
  ('R07', 'night_account_count', 19, false, null),
  ('R07', 'night_bet_count', 20, false, null),
  ('R07', 'night_bet_percent', 21, true, null),
  ('R07', 'night_stake', 22, false, null),
  ('R07', 'night_stake_percent', 23, true, null),
  ('R08', 'ggr', 1, true, 'area'),
  ('R08', 'net_stake', 2, true, null),
  ('R08', 'share_percent', 3, true, null),
  ('R08', 'market_rank', 4, true, null),
  ('R08', 'previous_rank', 5, false, null),
  ('R08', 'rank_change', 6, true, null),
  ('R08', 'hhi', 7, true, 'line'),
  ('R08', 'effective_operators', 8, true, null),
  ('R08', 'top_four_percent', 9, true, null),
  ('R08', 'operator_count', 10, false, null),
  ('R08', 'previous_ggr', 11, true, null),
  ('R08', 'previous_change_percent', 12, true, null),
  ('R08', 'year_before_ggr', 13, false, null),
  ('R08', 'year_change_percent', 14, true, null),
  ('R08', 'growth_contribution_percent', 15, true, null),
  ('R08', 'venue_count', 16, false, null),
  ('R08', 'site_count', 17, false, null),
  ('R08', 'equipment_count', 18, false, null),
  ('R08', 'ggr_per_equipment_day', 19, false, null),
  ('R08', 'trend_percent', 20, true, null),
  ('R09', 'stake', 1, true, 'up'),
  ('R09', 'refund', 2, true, 'down'),
  ('R09', 'net_stake', 3, true, null),
  ('R09', 'win', 4, true, 'down'),
  ('R09', 'ggr', 5, true, 'line'),
  ('R09', 'hold_percent', 6, true, null),
  ('R09', 'year_to_date', 7, true, null),
  ('R09', 'previous_ggr', 8, true, null),
  ('R09', 'previous_change_percent', 9, true, null),
  ('R09', 'year_before_ggr', 10, true, null),
  ('R09', 'year_change_percent', 11, true, null),
  ('R09', 'declared_days', 12, false, null),
  ('R09', 'declared_ggr', 13, true, null),
  ('R09', 'declared_difference', 14, true, null),
  ('R09', 'declared_difference_percent', 15, false, null),
  ('R09', 'open_bets', 16, false, null),
  ('R10', 'deposit_count', 1, true, null),
  ('R10', 'deposit', 2, true, 'up'),
  ('R10', 'withdrawal_count', 3, true, null),
  ('R10', 'withdrawal', 4, true, 'down'),
  ('R10', 'net_flow', 5, true, 'line'),
  ('R10', 'withdrawal_percent', 6, true, null),
  ('R10', 'turnover_percent', 7, true, null),
  ('R10', 'average_deposit', 8, true, null),
  ('R10', 'average_withdrawal', 9, true, null),
  ('R10', 'ggr', 10, true, null),
  ('R10', 'balance_change', 11, true, null),
  ('R10', 'declared_days', 12, false, null),
  ('R10', 'declared_balance_change', 13, true, null),
  ('R10', 'identity_error', 14, true, null),
  ('R10', 'balance_liability', 15, true, 'line'),
  ('R10', 'large_deposit_count', 16, true, null),
  ('R10', 'large_deposit', 17, true, null),
  ('R10', 'pass_through_count', 18, true, null),
  ('R10', 'unverified_limit_count', 19, true, null),
  ('R11', 'estimated_of_win', 1, true, 'up'),
  ('R11', 'estimated_of_withdrawal', 2, true, 'up'),
  ('R11', 'paid', 3, true, 'up'),
  ('R11', 'gap_of_win', 4, true, null),
  ('R11', 'gap_of_win_percent', 5, true, null),
  ('R11', 'gap_of_withdrawal', 6, true, null),
  ('R11', 'gap_of_withdrawal_percent', 7, true, null),
  ('R11', 'ggr', 8, true, null),
  ('R11', 'taxable_ggr', 9, true, null),
  ('R11', 'tax_rate_percent', 10, true, null),
  ('R11', 'ggr_tax', 11, true, null),
  ('R11', 'win', 12, true, null),
  ('R11', 'withdrawal', 13, false, null),
  ('R11', 'pit_of_win', 14, true, null),
  ('R11', 'pit_of_withdrawal', 15, false, null),
  ('R11', 'levy_of_win', 16, true, null),
  ('R11', 'levy_of_withdrawal', 17, false, null),
  ('R11', 'unverified_rate_count', 18, true, null),
  ('R11', 'declared_months', 19, false, null),
  ('R11', 'declared_month_ggr', 20, true, null),
  ('R11', 'declared_month_difference', 21, true, null),
  ('R11', 'declared_ggr_tax', 22, false, 'up');
