create or replace view api.declaration_deadline with (security_invoker = true) as
select period, valid_from, days, grounds from report.declaration_deadline;
comment on view api.declaration_deadline is 'When declarations of days and months are due.';
