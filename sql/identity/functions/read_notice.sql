create or replace function identity.read_notice(p_id bigint, p_read boolean) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  update identity.notice as n
  set read_at = case when p_read then coalesce(n.read_at, transaction_timestamp()) end
  where n.id = p_id and n.person_id = registry.own_person() and n.role = registry.caller_role()
    and n.operator_id is not distinct from registry.own_operator();
  return found;
end
$body$;
alter function identity.read_notice(bigint, boolean) owner to dozir_writer;
comment on function identity.read_notice(bigint, boolean) is
  'Marks a notice of the caller''s as read, or as not read; false where there is none.';
