-- The same fences around every table of registered records.
do $triggers$
declare
  target text;
begin
  foreach target in array array[
    'operator', 'licence', 'licence_suspension', 'channel', 'venue', 'website',
    'mobile_application', 'equipment', 'game', 'access_key'
  ] loop
    execute format(
      'create or replace trigger record_history after insert or update on registry.%I '
      'for each row execute function registry.record_history()', target);
    execute format(
      'create or replace trigger refuse_delete before delete or truncate on registry.%I '
      'for each statement execute function registry.refuse_delete()', target);
    execute format(
      'create or replace trigger refuse_identity_change before update on registry.%I '
      'for each row execute function registry.refuse_identity_change()', target);
  end loop;
  -- What ingest keeps in memory.
  foreach target in array array[
    'licence', 'licence_suspension', 'channel', 'equipment', 'game'
  ] loop
    execute format(
      'create or replace trigger move_version_insert after insert on registry.%I '
      'referencing new table as changed '
      'for each statement execute function registry.move_version()', target);
    execute format(
      'create or replace trigger move_version_update after update on registry.%I '
      'referencing new table as changed '
      'for each statement execute function registry.move_version()', target);
  end loop;
end
$triggers$;
