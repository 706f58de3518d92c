-- The same fences around every table of registered records.
do $triggers$
declare
  target text;
begin
  foreach target in array array[
    'operator', 'licence', 'licence_suspension', 'channel', 'venue', 'website',
    'mobile_application', 'equipment', 'game', 'access_key', 'brand', 'representative',
    'equipment_place', 'equipment_block', 'licence_fee', 'supplier', 'product', 'certificate',
    'blocked_site', 'provider', 'connection_deadline', 'cash_limit'
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
    execute format(
      'comment on trigger record_history on registry.%I is '
      '''Every change is written to registry.history.''', target);
    execute format(
      'comment on trigger refuse_delete on registry.%I is '
      '''A registered record ends, it is never deleted.''', target);
    execute format(
      'comment on trigger refuse_identity_change on registry.%I is '
      '''Codes, numbers and belonging never change.''', target);
  end loop;
  -- Rates and what was proposed of them stay, too; what replaced a rate says so by itself.
  foreach target in array array['tax_rate', 'tax_rate_change', 'tax_payment'] loop
    execute format(
      'create or replace trigger refuse_delete before delete or truncate on registry.%I '
      'for each statement execute function registry.refuse_delete()', target);
    execute format(
      'comment on trigger refuse_delete on registry.%I is '
      '''What is replaced or refused stays.''', target);
    execute format(
      'create or replace trigger refuse_identity_change before update on registry.%I '
      'for each row execute function registry.refuse_rate_change()', target);
    execute format(
      'comment on trigger refuse_identity_change on registry.%I is '
      '''What a rate or a proposal says never changes.''', target);
  end loop;
  -- What ingest keeps in memory.
  foreach target in array array[
    'licence', 'licence_suspension', 'channel', 'equipment', 'game', 'equipment_block'
  ] loop
    execute format(
      'create or replace trigger move_version_insert after insert on registry.%I '
      'referencing new table as changed '
      'for each statement execute function registry.move_version()', target);
    execute format(
      'create or replace trigger move_version_update after update on registry.%I '
      'referencing new table as changed '
      'for each statement execute function registry.move_version()', target);
    execute format(
      'comment on trigger move_version_insert on registry.%I is '
      '''Ingest reads the codes of the operator anew.''', target);
    execute format(
      'comment on trigger move_version_update on registry.%I is '
      '''Ingest reads the codes of the operator anew.''', target);
  end loop;
end
$triggers$;
