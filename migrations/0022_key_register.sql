-- depends: 0021_exports
-- A change is given to a colleague, and its log tells to whom. Access keys are a register as the others
-- are, which is read like them and not proposed.
-- squawk-ignore-file constraint-missing-not-valid, prefer-robust-stmts, require-timeout-settings
-- squawk-ignore-file ban-drop-function, ban-drop-constraint
set local lock_timeout = '10s';

alter table registry.change_event add column recipient text;
insert into registry.workflow_transition
  (workflow, from_state, action, to_state, roles, reason_required, name_uk, name_en)
values
  ('change', 'submitted', 'give', 'in_review', '{regulator,registrar}', false, 'Доручити колезі',
   'Give to a colleague'),
  ('change', 'in_review', 'give', 'in_review', '{regulator,registrar}', false, 'Доручити колезі',
   'Give to a colleague');

-- The function with one parameter more takes the place of this.
drop function if exists registry.note_event(registry.change, text, text, text);

alter table registry.record_kind
  add column proposable boolean not null default true,
  drop constraint ck_record_kind_state_by,
  add constraint ck_record_kind_state_by
    check (state_by in ('period', 'licence', 'equipment', 'access_key')),
  add constraint ck_record_kind_proposable check (proposable or not proposed_by_operators);
alter table registry.attribute
  drop constraint ck_attribute_data_type,
  add constraint ck_attribute_data_type check (data_type in (
    'text', 'long_text', 'integer', 'decimal', 'moment', 'choice', 'choices', 'reference', 'parts', 'texts'
  )),
  add constraint ck_attribute_secret check (name <> 'secret_hmac');

insert into registry.workflow_state (workflow, state, position, name_uk, name_en, final) values
  ('access_key', 'live', 1, 'Чинний робочий', 'Live', false),
  ('access_key', 'test', 2, 'Чинний тестовий', 'Test', false),
  ('access_key', 'expired', 3, 'Строк сплив', 'Expired', true),
  ('access_key', 'revoked', 4, 'Відкликано', 'Revoked', true);
insert into registry.choice (list, value, position, name_uk, name_en) values
  ('key_mode', 'live', 1, 'Робочий', 'Live'),
  ('key_mode', 'test', 2, 'Тестовий', 'Test'),
  ('key_scope', 'submit', 1, 'Надсилати пакети', 'Send batches'),
  ('key_scope', 'read', 2, 'Запитувати, що отримано', 'Ask what was received');
insert into registry.record_kind (
  kind, position, table_name, detail_table, name_uk, name_en, plural_uk, plural_en, code_attribute,
  title_uk_attribute, title_en_attribute, since_attribute, until_attribute, state_by, facet_a, facet_b,
  proposed_by_operators, needs_approval, proposable
) values
  ('access_key', 10, 'access_key', null, 'Ключ доступу', 'Access key', 'Ключі доступу', 'Access keys',
   'key_id', 'label', 'label', 'created_at', 'expires_at', 'access_key', 'mode', null, false, false, false);
-- Never among them: what a secret could be tried against.
insert into registry.attribute (
  kind, name, position, step, data_type, label_uk, label_en, hint_uk, hint_en, editable, listed, searchable,
  choice_list, reference_kind
) values
  ('access_key', 'key_id', 1, 1, 'text', 'Ідентифікатор', 'Key id', '', '', 'never', true, true, null, null),
  ('access_key', 'label', 2, 1, 'text', 'Назва', 'Name', '', '', 'never', true, true, null, null),
  ('access_key', 'mode', 3, 1, 'choice', 'Режим', 'Mode', '', '', 'never', true, false, 'key_mode', null),
  ('access_key', 'scopes', 4, 1, 'choices', 'Дозволено', 'It may', '', '', 'never', true, false,
   'key_scope', null),
  ('access_key', 'allowed_addresses', 5, 1, 'texts', 'З яких адрес', 'From which addresses',
   'Порожньо: звідусіль', 'Empty: from anywhere', 'never', true, true, null, null),
  ('access_key', 'rotated_from', 6, 1, 'reference', 'Замінив ключ', 'Replaces the key', '', '', 'never',
   false, false, null, 'access_key'),
  ('access_key', 'created_at', 7, 2, 'moment', 'Створено', 'Made', '', '', 'never', true, false, null, null),
  ('access_key', 'expires_at', 8, 2, 'moment', 'Діє до', 'Works until', '', '', 'never', true, false, null,
   null),
  ('access_key', 'revoked_at', 9, 2, 'moment', 'Відкликано', 'Revoked', '', '', 'never', false, false, null,
   null);
