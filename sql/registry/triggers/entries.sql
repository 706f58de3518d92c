-- Lists, search and history follow the typed tables; rules that must see a row before it is written.
do $triggers$
declare
  target record;
  moment text;
begin
  for target in
    select * from (values
      ('operator', 'organiser', 'id'), ('licence', 'licence', 'id'),
      ('licence_suspension', 'licence', 'licence_id'), ('brand', 'brand', 'id'), ('channel', '*', 'id'),
      ('venue', '*', 'channel_id'), ('website', '*', 'channel_id'),
      ('mobile_application', '*', 'channel_id'), ('equipment', 'equipment', 'id'),
      ('equipment_block', 'equipment', 'equipment_id'), ('game', 'game', 'id'),
      ('representative', 'representative', 'id'), ('access_key', 'access_key', 'id'),
      ('supplier', 'supplier', 'id'), ('product', 'product', 'id'), ('certificate', 'certificate', 'id'),
      ('blocked_site', 'blocked_site', 'id'), ('provider', 'provider', 'id')
    ) as t (name, kind, id_column)
  loop
    foreach moment in array array['insert', 'update'] loop
      execute format(
        'create or replace trigger index_%1$s after %1$s on registry.%2$I referencing new table as changed '
        'for each statement execute function registry.index_changed(%3$L, %4$L)',
        moment, target.name, target.kind, target.id_column);
      execute format(
        'comment on trigger index_%s on registry.%I is %L', moment, target.name,
        'Lists, search and history follow what was written.');
    end loop;
  end loop;
end
$triggers$;
create or replace trigger count_insert after insert on registry.entry referencing new table as changed
  for each statement execute function registry.count_entries();
comment on trigger count_insert on registry.entry is 'Counts are exact at commit.';
create or replace trigger count_update after update on registry.entry
  referencing new table as changed old table as before
  for each statement execute function registry.recount_entries();
comment on trigger count_update on registry.entry is 'Counts are exact at commit.';
create or replace trigger sum_insert after insert on registry.entry_count referencing new table as changed
  for each statement execute function registry.sum_counts();
comment on trigger sum_insert on registry.entry_count is 'Sums by operator are exact at commit.';
create or replace trigger sum_update after update on registry.entry_count
  referencing new table as changed old table as before
  for each statement execute function registry.resum_counts();
comment on trigger sum_update on registry.entry_count is 'Sums by operator are exact at commit.';
create or replace trigger count_insert after insert on registry.change referencing new table as changed
  for each statement execute function registry.count_changes();
comment on trigger count_insert on registry.change is 'Counts of open changes are exact at commit.';
create or replace trigger count_update after update on registry.change
  referencing new table as changed old table as before
  for each statement execute function registry.recount_changes();
comment on trigger count_update on registry.change is 'Counts of open changes are exact at commit.';
create or replace trigger refuse_delete before delete or truncate on registry.entry
  for each statement execute function registry.refuse_delete();
comment on trigger refuse_delete on registry.entry is 'A version ends, it is never deleted.';
create or replace trigger refuse_delete before delete or truncate on registry.entry_document
  for each statement execute function registry.refuse_delete();
comment on trigger refuse_delete on registry.entry_document is 'A version ends, it is never deleted.';
create or replace trigger refuse_delete before delete or truncate on registry.change
  for each statement execute function registry.refuse_delete();
comment on trigger refuse_delete on registry.change is 'A change is decided or withdrawn, never deleted.';
create or replace trigger refuse_change before update or delete on registry.change_event
  for each row execute function ledger.refuse_change();
comment on trigger refuse_change on registry.change_event is 'Append-only: UPDATE and DELETE are refused.';
create or replace trigger refuse_truncate before truncate on registry.change_event
  for each statement execute function ledger.refuse_change();
comment on trigger refuse_truncate on registry.change_event is 'Append-only: TRUNCATE is refused.';
create or replace trigger place_website before insert or update on registry.website
  for each row execute function registry.place_website();
comment on trigger place_website on registry.website is
  'Canonical domains, and none that looks like another''s.';
create or replace trigger place_equipment before insert or update on registry.equipment
  for each row execute function registry.place_equipment();
comment on trigger place_equipment on registry.equipment is 'The life cycle goes by the catalogue.';
create or replace trigger place_suspension before insert on registry.licence_suspension
  for each row execute function registry.place_suspension();
comment on trigger place_suspension on registry.licence_suspension is
  'Suspensions of a licence do not overlap.';
create or replace trigger keep_places after insert or update on registry.equipment
  for each row execute function registry.keep_places();
comment on trigger keep_places on registry.equipment is 'Where it stood is kept.';
create or replace trigger keep_person after insert or update on registry.representative
  for each row execute function registry.keep_person();
comment on trigger keep_person on registry.representative is 'Representatives with the power may enter.';
create or replace trigger set_licence_type before insert on registry.licence
  for each row execute function registry.set_licence_type();
comment on trigger set_licence_type on registry.licence is 'Kind and gambling type agree.';
