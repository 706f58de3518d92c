-- What each report is for, how it is read, and a question to begin with. Loaded after the reports.
update report.report as r
set
  purpose_uk = g.purpose_uk, purpose_en = g.purpose_en, reading_uk = g.reading_uk,
  reading_en = g.reading_en, example_uk = g.example_uk, example_en = g.example_en,
  example_query = g.example_query
from (values
  (
    'R01',
    'Показує, чи кожен організатор передає дані зараз: скільки надійшло, із якою затримкою та '
    'скільки відхилено.',
    'Shows whether every organiser is sending data now: how much came, with what lag, and how much '
    'was refused.',
    'Рядок рахують за часом надходження, а не події. Дивіться спершу на стовпець «Востаннє надійшло» '
    'та частку відмов: давній час або частка понад 1 % означають, що організатору слід '
    'зателефонувати. Медіана затримки показує звичайний стан, p99 — найгірший. Доступність нижча за '
    '100 % — збої самого порталу: за операціями й кодами помилок видно які; від коду перейдіть до відмов '
    'із причинами.',
    'A row is counted by the time of receipt, not of the event. Look first at the last receipt and '
    'at the share of refusals: an old time, or a share above 1 %, means that the organiser should be '
    'called. The median of the lag tells the usual state, p99 the worst. Availability below 100 % means '
    'faults of the portal itself: operations and error codes tell which; go from a code to its refusals and '
    'their reasons.',
    'У яку годину сьогодні надійшло найменше записів?',
    'In which hour of today did the fewest rows come?',
    'period=today&by=hour&sort=row_count&dir=asc'
  ),
  (
    'R02',
    'Показує, чи даним організатора можна довіряти: чи всі пакети на місці, чи записи дійсні, вчасні '
    'й не повторені.',
    'Shows whether an organiser’s data can be trusted: whether all batches are here, and rows valid, '
    'in time and not repeated.',
    'Повнота менша за 100 % означає, що між отриманими номерами пакетів є пропуски: скільки саме — у '
    'стовпці «Бракує пакетів». Повноту рахують для організатора за весь час дотепер, тому за днями '
    'її немає, як і показника якості, до якого вона входить. Число пропусків веде до їх переліку. '
    'Виплати з відомою ставкою й контрольні суми — за днем події, решта стовпців — за часом надходження.',
    'Completeness below 100 % means gaps between the numbers of received batches; the column of '
    'missing ones says how many, and leads to which. It is counted for an organiser up to now, so it is not '
    'told by days, nor is the score of quality that holds it. Payouts with a known bet and control totals '
    'go by the day of the event, all other columns by the time of receipt.',
    'У кого за останні 30 днів найбільше повторних записів?',
    'Who sent the most duplicates within the last 30 days?',
    'period=30-days&by=operator&sort=duplicate_count'
  ),
  (
    'R03',
    'Показує, скільки грошей поставлено, повернуто й виграно за кожен день, і чи не виходить це за '
    'звичні межі.',
    'Shows how much money was staked, given back and won on each day, and whether that is as usual.',
    'Ставки без повернень — це чисті ставки; віднявши виграші, отримуємо валовий дохід (GGR). RTP — '
    'частка чистих ставок, повернута гравцям виграшами: за один день вона коливається, за місяць '
    'наближається до задекларованої. Запис, що скасовує інший, зменшує суму своєї години.',
    'Stakes less refunds are net stakes; less winnings they are the gross gaming revenue (GGR). RTP '
    'is the share of net stakes that players won: of one day it varies, of a month it comes near to '
    'what was declared. A record that takes another back lowers the sum of its own hour.',
    'Хто за останні 7 днів прийняв найбільше ставок?',
    'Who took the most stakes within the last 7 days?',
    'period=7-days&by=operator&sort=stake'
  ),
  (
    'R04',
    'Показує, чи приймав хтось ставки без чинної ліцензії, за ліцензією іншого виду або на об’єкті, '
    'що не діє.',
    'Shows whether anyone took bets without a licence in force, under a licence of another kind, or '
    'at an object that is not active.',
    'Система позначає такі записи сама, коли їх приймає: нуль у стовпцях «поза строком дії», «іншого '
    'виду» та «на недійсному об’єкті» — норма, будь-яке інше число — підстава для перевірки. Від '
    'числа перейдіть до самих записів. Сертифікати, ключі й обладнання рахують для організатора, тому за '
    'ліцензіями їх немає.',
    'The system marks such records itself when it accepts them: zero in the columns of bets outside '
    'the licence, of another kind and at an inactive object is right, any other number is a reason '
    'to look. Go from the number to the records themselves. Certificates, keys and equipment are counted by '
    'organiser, so they are not told by licence.',
    'У кого ліцензія закінчується найраніше?',
    'Whose licence ends first?',
    'by=licence&sort=days_left&dir=asc'
  ),
  (
    'R05',
    'Порівнює відсоток, який гра справді повертає гравцям, із тим, який для неї задекларовано.',
    'Compares the share that a game really returns to players with the one declared of it.',
    'Від постачальника перейдіть до версій його ігор, від версії — до організаторів, їхніх ігор і днів. '
    'Різниця нижча від нуля означає, що гравці отримують менше, ніж обіцяно. Мала кількість ставок '
    'робить різницю випадковою: порівнюйте ігри з великими чистими ставками й за довші періоди. Суму '
    'без декларації треба зменшувати до нуля. Оплачений раунд — раунд закритого дня, у якому щось поставлено '
    'й нічого не повернуто; смуга, z та докази E — за такими раундами. Висновок «менше» чи «більше» для всіх '
    'рядків разом хибний щонайбільше раз зі ста. За місцями й ставкою раунду лічать лише закриті дні.',
    'Go from a provider to the versions of its games, from a version to organisers, their games and days. '
    'A difference below zero means that players get less than was promised. Few bets make it a '
    'matter of chance: compare games with large net stakes, and over longer periods. Stakes without '
    'declaration should become none. A paid round is one of a closed day in which something was staked and '
    'nothing given back; the band, z and the evidence E are of those. The verdict “less” or “more” is wrong '
    'once in a hundred at most, for all rows together. By place and by stake of the round closed days alone '
    'are counted.',
    'Які ігри за 30 днів повертали найменше проти задекларованого?',
    'Which games returned least against what is declared, within 30 days?',
    'period=30-days&by=game&sort=rtp_difference&dir=asc'
  ),
  (
    'R06',
    'Збирає все, що система позначила сама: порушення в прийнятих записах і відмови в прийманні '
    'пакетів.',
    'Gathers what the system has marked itself: breaches in accepted records, and refused batches.',
    'Позначка порушення стоїть на прийнятих записах, відмова — на пакеті, який не прийнято. Запис із '
    'двома позначками є в рядках обох правил, але в підсумку один раз, тому рядки можуть давати '
    'більше за підсумок. Критичні — записи без належної ліцензії. Повторення показують, хто порушує знову.',
    'A mark of breach is on accepted records, a refusal on a batch that was not accepted. A record '
    'with two marks is in the rows of both rules and once in the total, so that rows may give more '
    'than the total. Critical are records without a fitting licence. Repeats tell who breaks a rule again.',
    'У яких організаторів за 7 днів спрацювало найбільше правил?',
    'Of which organisers were most records marked within 7 days?',
    'period=7-days&by=operator&sort=record_count'
  ),
  (
    'R07',
    'Показує, скільки й коли грають за кожним видом азартних ігор, не називаючи жодного гравця.',
    'Shows how much and when people play each kind of gambling, and never names a player.',
    'Лічать рахунки, а не осіб: одна людина може мати кілька рахунків. Нічна частка — це ставки між '
    '00:00 і 06:00 за Києвом; її зростання разом із середньою ставкою — ознака шкідливої гри. '
    'Когорта — рахунки, що вперше зіграли в одному місяці; за когортами є цілі місяці. '
    'Переліку гравців тут немає й не буде.',
    'Accounts are counted, not persons: one may have several. The share at night is of bets between '
    '00:00 and 06:00 in Kyiv; its growth together with the average stake is a sign of harmful play. '
    'A cohort is the accounts that first played in the same month; it is told of whole months. '
    'There is no list of players, and there will be none.',
    'За яким видом ігор найбільша частка нічних ставок?',
    'Which kind of gambling has the largest share of bets at night?',
    'period=30-days&by=gambling_type&sort=night_bet_percent'
  ),
  (
    'R08',
    'Показує, хто на ринку росте, чия частка яка та наскільки ринок зосереджений у руках небагатьох.',
    'Shows who grows in the market, who has which share, and how far the market is in the hands of '
    'few.',
    'HHI до 1500 — конкурентний ринок, понад 2500 — зосереджений; у рядку виду ігор — серед його '
    'організаторів. Ефективна кількість — скільки '
    'однакових організаторів дали б таке саме зосередження. Зміни рахують від середньоденних сум, '
    'тому місяці різної довжини порівнювані.',
    'An HHI up to 1500 is a competitive market, above 2500 a concentrated one; in the row of a kind of '
    'gambling it is among its organisers. The effective number '
    'is how many equal organisers would be as concentrated. Changes are of daily means, so that '
    'months of different length compare.',
    'Хто цього місяця зріс найбільше?',
    'Who has grown most this month?',
    'period=month&by=operator&sort=previous_change_percent'
  ),
  (
    'R09',
    'Показує валовий дохід кожного організатора від ставок до GGR і як він змінився проти минулого '
    'періоду та року.',
    'Shows each organiser’s gross revenue from stakes to GGR, and how it changed against the period '
    'and the year before.',
    'Читайте зліва направо: ставки − повернення = чисті ставки, чисті ставки − виграші = GGR. '
    'Від’ємний GGR означає, що виграно більше, ніж поставлено: за день це можливо, за місяць рідко. '
    'Дата — день ставки або виплати.',
    'Read from left to right: stakes − refunds = net stakes, net stakes − winnings = GGR. A negative '
    'GGR means that more was won than staked: possible on a day, rare in a month. The date is that '
    'of the bet or payout.',
    'Чий GGR цього місяця впав найбільше проти попереднього періоду?',
    'Whose GGR fell most this month against the previous period?',
    'period=month&by=operator&sort=previous_change_percent&dir=asc'
  ),
  (
    'R10',
    'Показує, скільки гравці внесли й вивели, і якою мала стати сума їхніх залишків.',
    'Shows how much players paid in and out, and what their balances together should have become.',
    'Чистий приплив без GGR — очікувана зміна залишків гравців: задекларовані залишки мають '
    'змінитися саме на неї. Виведено понад 100 % поповнень — гравці забирають гроші; малий обіг за '
    'великих поповнень — ознака транзиту. Закритий день розкладено за сумами операцій.',
    'Net flow less GGR is the change to expect of players’ balances: declared ones must change by '
    'exactly that. More than 100 % withdrawn means that players take money away; little turnover on '
    'large deposits is a sign of money passing through. A closed day is told by amounts, too.',
    'У кого за 7 днів вивели більше, ніж внесли?',
    'Of whom was more withdrawn than deposited within 7 days?',
    'period=7-days&by=operator&sort=net_flow&dir=asc'
  ),
  (
    'R11',
    'Показує, з чого обчислюють податки організатора, щоб звірити це з його звітністю.',
    'Shows what an organiser’s taxes are computed from, to compare it with what was filed.',
    'Усі суми розрахункові: їх обчислено з прийнятих записів, а не взято з податкових декларацій. '
    'Додатний GGR рахують за платником, видом і місяцем окремо: збиток одного місяця не зменшує бази '
    'іншого. Сплачене вносить податкова служба; розрив рахують за цілі місяці, за обома прочитаннями бази '
    'з виграшів.',
    'All amounts are estimated: computed from accepted records, not taken from tax returns. Positive '
    'GGR is counted for each taxpayer, kind and month by itself: the loss of one month does not '
    'lower the base of another. Paid is what the tax service recorded; the gap is that of whole months, '
    'on both readings of the base of players’ taxes.',
    'Хто сплатив за минулий місяць менше за оцінку?',
    'Who paid less for the last month than estimated?',
    'period=last-month&by=operator&sort=gap_of_win&dir=desc'
  )
) as g (
  code, purpose_uk, purpose_en, reading_uk, reading_en, example_uk, example_en, example_query
)
where r.code = g.code;
