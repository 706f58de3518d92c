-- The feed follows the register; what was published and found stays as it is.
create or replace trigger guard_site before insert or update on registry.blocked_site
  for each row execute function blocking.guard_site();
comment on trigger guard_site on registry.blocked_site is 'Canonical addresses, and no registered site.';
create or replace trigger publish_insert after insert on registry.blocked_site
  for each statement execute function blocking.publish_changed();
comment on trigger publish_insert on registry.blocked_site is 'The feed follows in the same commit.';
create or replace trigger publish_update after update on registry.blocked_site
  for each statement execute function blocking.publish_changed();
comment on trigger publish_update on registry.blocked_site is 'The feed follows in the same commit.';
do $triggers$
declare
  target text;
begin
  foreach target in array array['change', 'compliance'] loop
    execute format(
      'create or replace trigger refuse_change before update or delete on blocking.%I '
      'for each row execute function ledger.refuse_change()', target);
    execute format(
      'create or replace trigger refuse_truncate before truncate on blocking.%I '
      'for each statement execute function ledger.refuse_change()', target);
    execute format(
      'comment on trigger refuse_change on blocking.%I is ''Append-only: UPDATE and DELETE are refused.''', target);
    execute format(
      'comment on trigger refuse_truncate on blocking.%I is ''Append-only: TRUNCATE is refused.''', target);
  end loop;
end
$triggers$;
