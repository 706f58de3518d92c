-- Sessions and challenges are read by functions alone; of people, names for logs are seen by whom
-- they concern.
do $policies$
declare
  target text;
  stale text;
begin
  foreach target in array array[
    'mode', 'person', 'session', 'saved_view', 'role', 'permission', 'role_permission', 'appointment',
    'appointment_change', 'appointment_event', 'challenge', 'signature', 'lock', 'notice_kind', 'notice',
    'notice_setting', 'contact', 'subscription', 'delivery', 'mail', 'mail_attempt', 'dashboard'
  ] loop
    execute format(
      'alter table identity.%I enable row level security, no force row level security', target);
    -- Whatever policy stands there goes first, one made by hand included.
    for stale in
      select p.polname from pg_catalog.pg_policy as p
      where p.polrelid = format('identity.%I', target)::regclass
    loop
      execute format('drop policy %I on identity.%I', stale, target);
    end loop;
    execute format(
      'create policy "the writer does what its functions do" on identity.%I '
      'for all to dozir_writer using (true) with check (true)', target);
  end loop;
  create policy "officials see who acts" on identity.person for select
    to regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator
    using (true);
  create policy "an operator sees its own people" on identity.person for select to "operator"
    using (
      operator_id = (select nullif(current_setting('dozir.operator_id', true), '')::integer)
      or id = (select nullif(current_setting('dozir.person_id', true), '')::integer)
    );
  create policy "views are a person's own" on identity.saved_view for select
    to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness,
    administrator
    using (person_id = (select nullif(current_setting('dozir.person_id', true), '')::integer));
  create policy "views are shared within a workspace" on identity.saved_view for select
    to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness,
    administrator
    using (
      shared and removed_at is null
      and role = (select current_user::text)
      and operator_id is not distinct from
      (select nullif(current_setting('dozir.operator_id', true), '')::integer)
    );
  -- What may be seen and done is told to whoever enters.
  foreach target in array array['role', 'permission', 'role_permission'] loop
    execute format(
      'create policy "everyone sees who may what" on identity.%I for select '
      'to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, '
      'administrator, dozir_readonly, dozir_portal using (true)', target);
  end loop;
  -- Appointments: a permission besides the role, as not every officer appoints.
  foreach target in array array['appointment', 'appointment_change', 'appointment_event'] loop
    execute format(
      'create policy "whoever watches over officials sees them" on identity.%I for select '
      'to regulator, auditor, administrator using ((select identity.may(''officials.read'')))', target);
    execute format(
      'create policy "the tax service sees its own" on identity.%I for select to tax_service using ('
      '(select identity.may(''officials.read'')) and exists ('
      'select from identity.person as p where p.id = person_id and p.role = ''tax_service''))', target);
    execute format(
      'create policy "an owner sees the own people" on identity.%I for select to "operator" using ('
      '(select identity.may(''officials.read'')) and exists ('
      'select from identity.person as p where p.id = person_id and p.operator_id = '
      '(select nullif(current_setting(''dozir.operator_id'', true), '''')::integer)))', target);
  end loop;
  create policy "signatures of decisions are seen with them" on identity.signature for select
    to regulator, registrar, auditor using (object is not null);
  create policy "the tax service sees the signatures of rates" on identity.signature for select
    to tax_service using (object = 'tax_rate_change');
  create policy "an operator sees what was signed of it" on identity.signature for select
    to "operator"
    using (
      object is not null
      and operator_id = (select nullif(current_setting('dozir.operator_id', true), '')::integer)
    );
  create policy "officials see who is locked" on identity.lock for select
    to regulator, registrar, auditor using (true);
  create policy "everybody knows the kinds" on identity.notice_kind for select
    to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator,
    dozir_portal using (true);
  -- What is told in a role is not told in another.
  foreach target in array array['notice', 'subscription'] loop
    execute format($p$
      create policy "a person's own in this role" on identity.%I for select
        to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator
        using (
          person_id = (select nullif(current_setting('dozir.person_id', true), '')::integer)
          and role = (select current_user::text)
          and operator_id is not distinct from
          (select nullif(current_setting('dozir.operator_id', true), '')::integer)
        )$p$, target);
  end loop;
  foreach target in array array['notice_setting', 'contact', 'delivery', 'mail'] loop
    execute format($p$
      create policy "a person's own" on identity.%I for select
        to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator
        using (person_id = (select nullif(current_setting('dozir.person_id', true), '')::integer))$p$,
      target);
  end loop;
  create policy "a person's own in this role" on identity.dashboard for select
    to "operator", regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator
    using (
      person_id = (select nullif(current_setting('dozir.person_id', true), '')::integer)
      and role = (select current_user::text));
  create policy "auditors see what was delivered" on identity.delivery for select to auditor
    using (true);
  create policy "auditors see what was mailed" on identity.mail for select to auditor using (true);
  -- What each is for.
  for stale in
    select
      format('policy %I on %s is %L', p.polname, p.polrelid::regclass, w.words)
    from pg_catalog.pg_policy as p
    join pg_catalog.pg_class as c on p.polrelid = c.oid
    join (values
      (
        'the writer does what its functions do',
        'dozir_writer owns the definer functions; what they may is granted table by table.'),
      (
        'officials see who acts',
        'Logs and histories name people by number; officials are told their names.'),
      (
        'an operator sees its own people',
        'Whoever acts for an operator is told the names of its people, and of nobody else''s.'),
      (
        'everyone sees who may what',
        'The matrix of roles and permissions is shown on a page to whoever enters.'),
      (
        'whoever watches over officials sees them',
        'Supervisors, auditors and administrators see every appointment.'),
      ('the tax service sees its own', 'Its supervisors appoint its own officials alone.'),
      (
        'an owner sees the own people',
        'An operator''s owner sees as what its people work here, and of nobody else.'),
      (
        'views are a person''s own',
        'Whoever saved a view sees it, removed ones too: they can come back.'),
      (
        'views are shared within a workspace',
        'People of one role, of an operator those of the same operator, see what others share.'),
      (
        'signatures of decisions are seen with them',
        'Whoever sees decisions sees who signed them; signatures of signing in are nobody''s.'),
      (
        'the tax service sees the signatures of rates',
        'Its own decisions, and none about operators.'),
      (
        'an operator sees what was signed of it',
        'Decisions on its records, and what its own people signed.'),
      (
        'officials see who is locked',
        'Any of them may have to know why somebody cannot enter.'),
      ('everybody knows the kinds', 'Kinds of notices and their words are no secret.'),
      (
        'a person''s own in this role',
        'What a person is told, gets and arranged in a role is seen by that person in that role.'),
      (
        'a person''s own',
        'Ways, address, deliveries and mail are seen by the person whose they are.'),
      (
        'auditors see what was delivered',
        'Who got which page when, and who no longer had the right to.'),
      ('auditors see what was mailed', 'How mail stands; where it goes and what it says is not granted.')
    ) as w (name, words) on p.polname = w.name
    where c.relnamespace = 'identity'::regnamespace
  loop
    execute 'comment on ' || stale;
  end loop;
end
$policies$;
