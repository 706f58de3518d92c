-- The roles. Loaded whole with every version: the catalogue is what these files say.
delete from identity.role_permission;
delete from identity.permission;
delete from identity.role;
insert into identity.role
  (code, position, database_role, authority, appoints, name_uk, name_en, about_uk, about_en)
values
  (
    'operator_owner', 1, 'operator', 'operator', true, 'Власник кабінету організатора', 'Operator''s owner',
    'Діє за організатора і визначає, хто з його представників працює в кабінеті.',
    'Acts for an operator and says which of its representatives work here.'
  ),
  (
    'operator_representative', 2, 'operator', 'operator', false, 'Представник організатора',
    'Operator''s representative', 'Діє за організатора в межах зареєстрованих повноважень і їх строку.',
    'Acts for an operator within the registered powers and their term.'
  ),
  (
    'officer', 3, 'regulator', 'regulator', false, 'Посадова особа регулятора', 'Regulator''s officer',
    'Бачить увесь ринок до окремої транзакції, розглядає заяви, зупиняє ліцензії та блокує обладнання.',
    'Sees the whole market down to a single transaction, decides applications, suspends and blocks.'
  ),
  (
    'supervisor', 4, 'regulator', 'regulator', true, 'Керівник нагляду', 'Supervisor',
    'Те саме, що посадова особа; анулює ліцензії та призначає посадових осіб разом з іншим керівником.',
    'As an officer; revokes licences too, and appoints officials together with another supervisor.'
  ),
  (
    'registrar', 5, 'registrar', 'regulator', false, 'Реєстратор', 'Registrar',
    'Веде реєстри організаторів, ліцензій, місць і ключів; транзакцій не бачить.',
    'Keeps the registers of operators, licences, places and keys; sees no transactions.'
  ),
  (
    'fairness_analyst', 6, 'fairness', 'regulator', false, 'Аналітик чесності ігор', 'Fairness analyst',
    'Бачить ігри, обладнання та відсоток виграшу; виплат рахунків і гравців не бачить.',
    'Sees games, equipment and the return to player; neither accounts'' payments nor players.'
  ),
  (
    'tax_inspector', 7, 'tax_service', 'tax_service', false, 'Податковий інспектор', 'Tax inspector',
    'Бачить ставки, виграші та дохід кожного платника, але ніколи не гравця.',
    'Sees stakes, winnings and revenue of every taxpayer, and never a player.'
  ),
  (
    'tax_supervisor', 8, 'tax_service', 'tax_service', true, 'Керівник у податковій службі',
    'Supervisor in the tax service',
    'Те саме, що інспектор; призначає посадових осіб податкової служби разом з іншим керівником.',
    'As an inspector; appoints officials of the tax service together with another supervisor.'
  ),
  (
    'financial_monitoring_officer', 9, 'financial_monitoring', 'regulator', false,
    'Посадова особа фінансового моніторингу', 'Financial-monitoring officer',
    'Бачить рух коштів гравців і реєстр порушень, без псевдонімів гравців.',
    'Sees players'' cash flow and the register of breaches, without players'' pseudonyms.'
  ),
  (
    'auditor', 10, 'auditor', 'regulator', false, 'Аудитор', 'Auditor',
    'Перевіряє, що бачать і роблять інші, і нічого не змінює.',
    'Checks what others see and do, and changes nothing.'
  ),
  (
    'administrator', 11, 'administrator', 'regulator', false, 'Технічний адміністратор',
    'Technical administrator',
    'Бачить облікові записи та ролі; ані транзакцій, ані даних ринку.',
    'Sees accounts and roles; neither transactions nor data of the market.'
  );
