create or replace function identity.add_notice(
  p_person integer, p_kind text, p_subject text, p_facts jsonb, p_target text, p_parameters jsonb
) returns bigint
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- By the ways that the person chose for the kind, else by the kind's own; null where that is none, and
-- where this was told already: a subject is told once.
declare
  told bigint;
begin
  insert into identity.notice (
    person_id, role, operator_id, kind, subject, facts, target, parameters, in_bell, by_mail)
  select
    p.id, p.role, p.operator_id, k.kind, p_subject, p_facts, p_target, p_parameters,
    coalesce(s.in_bell, true), coalesce(s.by_mail, k.by_mail)
  from identity.person as p
  join identity.notice_kind as k on k.kind = p_kind and p.role = any (k.roles)
  left join identity.notice_setting as s on s.person_id = p.id and s.kind = k.kind
  where p.id = p_person
    and p.active_from <= transaction_timestamp() and transaction_timestamp() < p.active_until
    and (coalesce(s.in_bell, true) or coalesce(s.by_mail, k.by_mail) <> 'none')
  on conflict (person_id, kind, subject) do nothing
  returning id into told;
  return told;
end
$body$;
alter function identity.add_notice(integer, text, text, jsonb, text, jsonb) owner to dozir_writer;
comment on function identity.add_notice(integer, text, text, jsonb, text, jsonb) is
  'Tells a person something, once, by the ways the person chose; null where nothing was told.';
