-- A decision stands only with its signature, whatever the portal did. Deferred: the signature names the
-- record, of which the number may come from the decision itself.
do $trigger$
begin
  if not exists (
    select from pg_catalog.pg_trigger as t
    where t.tgrelid = 'audit.event'::regclass and t.tgname = 'demands_a_signature'
  ) then
    create constraint trigger demands_a_signature after insert on audit.event
      deferrable initially deferred
      for each row when (new.facts ? 'decision') execute function identity.demand_signature();
  end if;
end
$trigger$;
comment on trigger demands_a_signature on audit.event is
  'At commit: acts that are to be signed were signed in their transaction.';
