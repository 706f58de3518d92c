create or replace view api.equipment with (security_invoker = true) as
select
  id, operator_id, code, kind, channel_id, serial_number, model, active_from, active_until, software_sha256
from registry.equipment;
comment on view api.equipment is 'Machines, tables and terminals.';
