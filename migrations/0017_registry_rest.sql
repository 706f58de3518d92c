-- depends: 0016_registry_speed
-- What the registers lacked: a suspension that is planned can be taken back, a fee tells where its amount
-- was read and who has compared it, a key is made with its addresses, and σ is a multiple of the stake.
-- squawk-ignore-file constraint-missing-not-valid, prefer-robust-stmts, require-timeout-settings
-- squawk-ignore-file ban-drop-function
set local lock_timeout = '10s';

alter table registry.licence_suspension
  add column withdrawn_at timestamptz,
  add column withdrawal_grounds text,
  add constraint ck_licence_suspension_withdrawn check (
    (withdrawn_at is null) = (withdrawal_grounds is null) and withdrawn_at < suspended_from
  );
insert into registry.workflow_transition
  (workflow, from_state, action, to_state, roles, reason_required, name_uk, name_en)
values
  ('licence', 'active', 'withdraw', 'active', '{regulator,registrar}', true,
   'Скасувати заплановане зупинення', 'Take back a planned suspension'),
  ('licence', 'suspended', 'withdraw', 'suspended', '{regulator,registrar}', true,
   'Скасувати заплановане зупинення', 'Take back a planned suspension');

-- Fees of before have neither: nobody said where they were read.
alter table registry.licence_fee
  add column source text,
  add column set_by text,
  add column verified_at timestamptz,
  add column verified_by text,
  add constraint ck_licence_fee_verified check (
    (verified_at is null) = (verified_by is null)
    and (verified_by is null or source is not null and verified_by is distinct from set_by)
  );

update registry.attribute
set unit = 'stakes', label_uk = 'Заявлене σ, у ставках', label_en = 'Declared σ, in stakes',
  hint_uk = 'Стандартне відхилення виплати, поділеної на ставку: 6,00 — шість ставок',
  hint_en = 'Standard deviation of the payout divided by the stake: 6.00 is six stakes'
where name = 'declared_sigma_ppm';

-- The functions with one parameter more take the places of these.
drop function if exists api.create_access_key(
  integer, text, bytea, text, text, text[], boolean, timestamptz
);
drop function if exists registry.create_access_key(
  integer, text, bytea, text, text, text[], boolean, timestamptz
);
drop function if exists api.set_licence_fee(smallint, bigint, smallint, date, text);
drop function if exists registry.set_licence_fee(smallint, bigint, smallint, date, text);
