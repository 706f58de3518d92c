create or replace function identity.read_notices(p_until bigint) returns bigint
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Up to the newest that the caller was shown: what came meanwhile stays unread.
declare
  marked bigint;
begin
  update identity.notice as n set read_at = transaction_timestamp()
  where n.id <= p_until and n.person_id = registry.own_person() and n.role = registry.caller_role()
    and n.operator_id is not distinct from registry.own_operator() and n.read_at is null;
  get diagnostics marked = row_count;
  return marked;
end
$body$;
alter function identity.read_notices(bigint) owner to dozir_writer;
comment on function identity.read_notices(bigint) is
  'Marks the caller''s notices up to a number as read: how many.';
