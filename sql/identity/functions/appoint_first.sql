create or replace function identity.appoint_first(
  p_role text, p_name_uk text, p_name_en text, p_organisation_uk text, p_organisation_en text,
  p_tax_number text, p_reason text
) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The first of those who appoint, named by whoever administers the installation at its command line: at
-- most two, who appoint all others together. Returns the person's number.
-- Raises DZR03 (errors by attribute), DZW05 (two are in force).
declare
  who integer;
  errors jsonb;
  made identity.appointment_change;
  held integer;
begin
  perform pg_advisory_xact_lock(hashtextextended('appointments', 9));
  select coalesce(jsonb_agg(jsonb_build_object('attribute', e.attribute, 'code', e.code)), '[]')
  into errors
  from (values
    ('role', 'choice', not exists (
      select from identity.role as r
      where r.code = p_role and r.appoints and r.authority <> 'operator')),
    ('name_uk', 'required', coalesce(btrim(p_name_uk), '') = ''),
    ('name_en', 'required', coalesce(btrim(p_name_en), '') = ''),
    ('organisation_uk', 'required', coalesce(btrim(p_organisation_uk), '') = ''),
    ('organisation_en', 'required', coalesce(btrim(p_organisation_en), '') = ''),
    ('reason', 'required', coalesce(btrim(p_reason), '') = ''),
    ('tax_number', 'number', not coalesce(registry.is_rnokpp(p_tax_number), false)),
    ('tax_number', 'taken', exists (
      select from identity.person as p
      where p.role <> 'operator' and p.tax_number = p_tax_number))
  ) as e (attribute, code, wrong)
  where e.wrong;
  if errors <> '[]' then
    raise exception using errcode = 'DZR03', message = 'what is given has errors',
      detail = errors::text;
  end if;
  if 2 <= (
    select count(*) from identity.appointment as a
    where a.role = p_role and a.state = 'in_force' and transaction_timestamp() < a.active_until
  ) then
    raise exception using errcode = 'DZW05', message = 'two are in force: they appoint the others';
  end if;
  insert into identity.person (role, name_uk, name_en, organisation_uk, organisation_en, tax_number)
  select
    r.database_role, btrim(p_name_uk), btrim(p_name_en), btrim(p_organisation_uk),
    btrim(p_organisation_en), p_tax_number
  from identity.role as r where r.code = p_role
  returning id into who;
  insert into identity.appointment (person_id, role, state, active_from)
  values (who, p_role, 'in_force', transaction_timestamp()) returning id into held;
  insert into identity.appointment_change (
    action, person_id, appointment_id, role, reason, state, proposed_by, decided_at, decided_by
  ) values (
    'appoint', who, held, p_role, btrim(p_reason), 'confirmed',
    coalesce(nullif(current_setting('dozir.actor', true), ''), session_user), transaction_timestamp(),
    coalesce(nullif(current_setting('dozir.actor', true), ''), session_user)
  ) returning * into made;
  perform identity.note_appointment(made, 'appointed_first', null, made.reason);
  return who;
end
$body$;
alter function identity.appoint_first(text, text, text, text, text, text, text) owner to dozir_writer;
comment on function identity.appoint_first(text, text, text, text, text, text, text) is
  'Names one of the first two who appoint; for the command line.';
