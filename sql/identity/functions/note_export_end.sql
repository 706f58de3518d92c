create or replace function identity.note_export_end() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Whoever asked for a file is told how it ended; once looked at, cancelled or expired it is no news.
begin
  if new.state in ('ready', 'failed') and old.state is distinct from new.state then
    perform identity.add_notice(
      new.person_id, 'export_' || new.state, new.id::text,
      jsonb_build_object('filename', coalesce(new.filename, '')), 'exports.job',
      jsonb_build_object('path', jsonb_build_object('job_id', new.id), 'query', '{}'::jsonb));
  elsif new.seen_at is not null or new.state in ('cancelled', 'expired') then
    update identity.notice as n set read_at = transaction_timestamp()
    where n.person_id = new.person_id and n.kind in ('export_ready', 'export_failed')
      and n.subject = new.id::text and n.read_at is null;
  end if;
  return null;
end
$body$;
alter function identity.note_export_end() owner to dozir_writer;
comment on function identity.note_export_end() is 'Trigger: notices of files that are ready, or will not be.';
