create or replace function identity.permissions_of(p_person_id integer) returns setof text
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Asked with each request: in PL/pgSQL, which keeps the plan, as planning takes longer than the answer.
declare
  held constant text := identity.role_of(p_person_id);
begin
  return query
  select rp.permission
  from identity.role_permission as rp
  join identity.permission as p on p.code = rp.permission
  where rp.role = held
    -- Of a representative, what the registered powers allow, for as long as they last.
    and (
      p.power is null or not exists (
        select from identity.person as who
        join registry.representative as r on r.id = who.representative_id
        where who.id = p_person_id and not (
          p.power = any (r.powers) and r.active_from <= transaction_timestamp()
          and transaction_timestamp() < r.active_until)));
end
$body$;
alter function identity.permissions_of(integer) owner to dozir_writer;
comment on function identity.permissions_of(integer) is
  'What a person may now, by role and registered powers.';
