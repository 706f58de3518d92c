-- Files that people wait for tell of their end.
create or replace trigger tells_its_end
  after update of state, seen_at on audit.export_job
  for each row execute function identity.note_export_end();
comment on trigger tells_its_end on audit.export_job is
  'Whoever asked for a file gets a notice when it is ready or failed.';
