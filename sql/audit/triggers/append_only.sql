-- What was taken away, seen or done cannot be unmade.
do $triggers$
declare
  target regclass;
begin
  foreach target in array array[
    'audit.export', 'audit.event', 'audit.seal', 'audit.sealed_event'
  ]::regclass[] loop
    execute format(
      'create or replace trigger refuse_change before update or delete on %s '
      'for each row execute function ledger.refuse_change()', target);
    execute format(
      'create or replace trigger refuse_truncate before truncate on %s '
      'for each statement execute function ledger.refuse_change()', target);
    execute format(
      'comment on trigger refuse_change on %s is ''Append-only: UPDATE and DELETE are refused.''', target);
    execute format(
      'comment on trigger refuse_truncate on %s is ''Append-only: TRUNCATE is refused.''', target);
  end loop;
end
$triggers$;
