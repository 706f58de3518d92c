create or replace function ledger.record_quorum(p_size bigint, p_policy_id integer) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Enough witnesses by this policy: told by who evaluated it, and anyone can evaluate it again from
-- ledger.cosignature. Raises DZL04 for a checkpoint or a policy that is not there.
begin
  perform from ledger.checkpoint as c
  join ledger.trust_policy as p on p.id = p_policy_id
  where c.size = p_size;
  if not found then
    raise exception using errcode = 'DZL04', message = 'no such checkpoint, or no such policy';
  end if;
  insert into ledger.quorum as q (size, policy_id) values (p_size, p_policy_id)
  on conflict (size) do nothing;
end
$body$;
alter function ledger.record_quorum(bigint, integer) owner to dozir_writer;
comment on function ledger.record_quorum(bigint, integer) is
  'For the log''s attestation: notes that enough witnesses cosigned a checkpoint.';
