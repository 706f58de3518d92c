create or replace function ledger.note_log_refusal(p_reason text) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Notes that the log must not go on as it is, and why; null when it goes on again.
begin
  if p_reason is null then
    update ledger.log as l set refused_at = null, refused_because = null
    where l.refused_at is not null;
  else
    update ledger.log as l
    set
      refusal_count = l.refusal_count + 1, refused_at = clock_timestamp(),
      refused_because = p_reason;
  end if;
end
$body$;
alter function ledger.note_log_refusal(text) owner to dozir_writer;
comment on function ledger.note_log_refusal(text) is
  'For the sequencer: notes why the log stands still, or that it goes on again.';
