-- Neither the history of appointments nor a signature that counted can be unmade.
do $triggers$
begin
  create or replace trigger refuse_change before update or delete on identity.appointment_event
    for each row execute function ledger.refuse_change();
  create or replace trigger refuse_truncate before truncate on identity.appointment_event
    for each statement execute function ledger.refuse_change();
  comment on trigger refuse_change on identity.appointment_event is
    'Append-only: UPDATE and DELETE are refused.';
  comment on trigger refuse_truncate on identity.appointment_event is
    'Append-only: TRUNCATE is refused.';
  create or replace trigger refuse_change before update or delete on identity.signature
    for each row execute function ledger.refuse_change();
  create or replace trigger refuse_truncate before truncate on identity.signature
    for each statement execute function ledger.refuse_change();
  comment on trigger refuse_change on identity.signature is 'Append-only: UPDATE and DELETE are refused.';
  comment on trigger refuse_truncate on identity.signature is 'Append-only: TRUNCATE is refused.';
end
$triggers$;
