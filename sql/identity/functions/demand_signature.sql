create or replace function identity.demand_signature() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- At the end of the transaction of a decision: one that is to be signed was signed in it, as this very
-- act, on this very record, by the person who decided. Asked of every login but the owner's, which signs
-- nothing: the command line and the demonstration act by it, and say so in the history. Raises DZP05.
declare
  wanted text;
  signed_object text := new.object;
  signed_id text := new.object_id;
begin
  if pg_has_role(session_user, 'dozir_writer', 'member') then
    return null;
  end if;
  wanted := case new.facts ->> 'decision'
    when 'licence_suspended' then 'licence_suspend'
    when 'suspension_withdrawn' then 'suspension_withdraw'
    when 'licence_resumed' then 'licence_resume'
    when 'licence_revoked' then 'licence_revoke'
    when 'equipment_blocked' then 'equipment_block'
    when 'equipment_unblocked' then 'equipment_unblock'
    when 'key_created' then case when new.facts ? 'replaces' then 'key_rotate' else 'key_issue' end
    when 'key_revoked' then 'key_revoke'
    -- What needs nobody's approval an operator enters without.
    when 'change_approved' then case when new.role <> 'operator' then 'change_approve|change_enter' end
    when 'change_refused' then 'change_refuse'
    when 'tax_rate_confirmed' then 'tax_rate_confirm'
    when 'tax_rate_refused' then 'tax_rate_refuse'
    -- By the command line alone: no page asks for such a signature.
    when 'operator_imported' then 'operator_import'
  end;
  if wanted is null then
    return null;
  elsif new.facts ->> 'decision' like 'change\_%' then
    signed_object := 'change';
    signed_id := new.facts ->> 'change';
  elsif new.facts ->> 'decision' like 'tax\_rate\_%' then
    signed_object := 'tax_rate_change';
  end if;
  if not exists (
    select from identity.signature as s
    where s.object = signed_object and s.object_id = signed_id and s.purpose = any (string_to_array(wanted, '|'))
      and s.person_id = new.person_id and s.made_at = transaction_timestamp()
  ) then
    raise exception using errcode = 'DZP05', message = 'this act is to be signed',
      detail = new.facts ->> 'decision';
  end if;
  return null;
end
$body$;
alter function identity.demand_signature() owner to dozir_writer;
comment on function identity.demand_signature() is
  'Undoes a decision that is to be signed and was not; raises DZP05.';
