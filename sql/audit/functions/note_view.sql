create or replace function audit.note_view(
  p_token_sha256 bytea, p_object text, p_object_id text, p_facts jsonb, p_concerns integer[]
) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Notes that the caller is shown transactions, with the reason that their session holds. An operator's
-- people look at their own and need none; who else has stated none within the hour gets DZA03, and with
-- it nothing that this transaction has read.
declare
  why record;
  facts jsonb := p_facts;
begin
  if registry.caller_role() is distinct from 'operator' then
    select s.reason_kind, s.reason_text into why
    from identity.session as s
    where s.token_sha256 = p_token_sha256 and s.person_id = registry.own_person()
      and s.ended_at is null and s.reason_at > transaction_timestamp() - interval '1 hour';
    if not found then
      raise exception using errcode = 'DZA03', message = 'state why you look';
    end if;
    facts := facts || jsonb_build_object('reason', why.reason_kind, 'text', why.reason_text);
  end if;
  perform audit.note('view', p_object, p_object_id, facts, p_concerns);
end
$body$;
alter function audit.note_view(bytea, text, text, jsonb, integer[]) owner to dozir_writer;
comment on function audit.note_view(bytea, text, text, jsonb, integer[]) is
  'Notes that transactions are shown, and why; raises DZA03 where an official has stated no reason.';
