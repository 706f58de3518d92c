create or replace function identity.is_entitled(p_person integer, p_role text, p_operator integer)
  returns boolean
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Whoever left or changed office since is not.
begin
  return exists (
    select from identity.person as p
    where p.id = p_person and p.role = p_role and p.operator_id is not distinct from p_operator
      and p.active_from <= transaction_timestamp() and transaction_timestamp() < p.active_until
      and (not p.demo or exists (select from identity.mode as m where m.demo))
      and identity.role_of(p.id) is not null and not identity.is_locked(p.id));
end
$body$;
alter function identity.is_entitled(integer, text, integer) owner to dozir_writer;
comment on function identity.is_entitled(integer, text, integer) is
  'Whether a person acts in that role, for an operator''s people for that operator, now.';
