-- Which role has which permission: one line for each role.
insert into identity.role_permission (role, permission)
select r.role, u.permission
from (
  values
  (
    'operator_owner', array[
      'registers.read', 'representatives.read', 'changes.read', 'keys.read', 'figures.read',
      'batches.read', 'transactions.read',
      'cash_flow.read', 'players.read', 'declarations.read', 'tax_rates.read', 'tax_payments.read',
      'officials.read', 'report.*', 'registry.propose', 'declaration.submit', 'key.manage',
      'representative.manage', 'export.make', 'view.save'
    ]
  ),
  (
    'operator_representative', array[
      'registers.read', 'representatives.read', 'changes.read', 'keys.read', 'figures.read',
      'batches.read', 'transactions.read',
      'cash_flow.read', 'players.read', 'declarations.read', 'tax_rates.read', 'tax_payments.read',
      'report.*', 'registry.propose', 'declaration.submit', 'key.manage', 'export.make', 'view.save'
    ]
  ),
  (
    'officer', array[
      'registers.read', 'representatives.read', 'changes.read', 'keys.read', 'figures.read',
      'batches.read', 'transactions.read',
      'cash_flow.read', 'players.read', 'declarations.read', 'tax_rates.read', 'tax_payments.read',
      'report.*', 'registry.propose', 'registry.decide', 'licence.suspend', 'equipment.block',
      'fee.set', 'deadline.set', 'limit.set', 'export.make', 'view.save'
    ]
  ),
  (
    'supervisor', array[
      'registers.read', 'representatives.read', 'changes.read', 'keys.read', 'figures.read',
      'batches.read', 'transactions.read',
      'cash_flow.read', 'players.read', 'declarations.read', 'tax_rates.read', 'tax_payments.read',
      'officials.read', 'report.*', 'registry.propose', 'registry.decide', 'licence.suspend',
      'licence.revoke', 'equipment.block', 'fee.set', 'fee.verify', 'deadline.set',
      'deadline.verify', 'limit.set', 'limit.verify', 'account.lock', 'account.unlock',
      'official.propose', 'official.decide', 'export.make', 'view.save'
    ]
  ),
  (
    'registrar', array[
      'registers.read', 'representatives.read', 'changes.read', 'keys.read', 'registry.propose',
      'registry.decide', 'registry.import', 'licence.suspend', 'licence.revoke', 'equipment.block',
      'fee.set', 'fee.verify', 'key.manage', 'key.limit', 'account.lock', 'account.unlock',
      'export.make', 'view.save'
    ]
  ),
  (
    'fairness_analyst', array[
      'registers.read', 'figures.read', 'report.r05', 'export.make', 'view.save'
    ]
  ),
  (
    'tax_inspector', array[
      'registers.read', 'figures.read', 'batches.read', 'transactions.read',
      'cash_flow.read', 'declarations.read', 'tax_rates.read', 'tax_payments.read',
      'report.r03', 'report.r04', 'report.r09', 'report.r10', 'report.r11',
      'tax_rate.propose', 'tax_rate.decide', 'tax_payment.record', 'export.make', 'view.save'
    ]
  ),
  (
    'tax_supervisor', array[
      'registers.read', 'figures.read', 'batches.read', 'transactions.read',
      'cash_flow.read', 'declarations.read', 'tax_rates.read', 'tax_payments.read', 'officials.read',
      'report.r03', 'report.r04', 'report.r09', 'report.r10', 'report.r11',
      'tax_rate.propose', 'tax_rate.decide', 'tax_payment.record',
      'official.propose', 'official.decide', 'export.make', 'view.save'
    ]
  ),
  (
    'financial_monitoring_officer', array[
      'registers.read', 'figures.read', 'cash_flow.read', 'declarations.read', 'report.r06',
      'report.r10', 'export.make', 'view.save'
    ]
  ),
  (
    'auditor', array[
      'registers.read', 'representatives.read', 'changes.read', 'keys.read', 'figures.read',
      'batches.read', 'transactions.read',
      'cash_flow.read', 'declarations.read', 'tax_rates.read', 'tax_payments.read', 'officials.read',
      'report.*', 'export.make', 'view.save'
    ]
  ),
  ('administrator', array['officials.read', 'export.make', 'view.save'])
) as r (role, permissions)
cross join lateral (
  select p.code as permission from identity.permission as p
  where p.code = any(r.permissions) or (p.area = 'report' and 'report.*' = any(r.permissions))
) as u;
