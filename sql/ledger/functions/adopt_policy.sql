create or replace function ledger.adopt_policy(p_policy text) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- The number of the policy in force; a new one where it is not the newest. One at a time calls it:
-- who holds the attester's advisory lock.
declare
  newest record;
  adopted integer;
begin
  select p.id, p.policy into newest from ledger.trust_policy as p order by p.id desc limit 1;
  if newest.policy = p_policy then
    return newest.id;
  end if;
  insert into ledger.trust_policy as p (policy) values (p_policy) returning p.id into adopted;
  return adopted;
end
$body$;
alter function ledger.adopt_policy(text) owner to dozir_writer;
comment on function ledger.adopt_policy(text) is
  'For the log''s attestation: notes which policy of witnesses is kept to from now on.';
