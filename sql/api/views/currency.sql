create or replace view api.currency with (security_invoker = true) as
select id, code, minor_digits
from registry.currency;
comment on view api.currency is 'Currencies by ISO 4217.';
