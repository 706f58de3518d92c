create or replace view api.blocked_change with (security_invoker = true) as
select sequence, site_id, address, site_kind, added, changed_at
from blocking.change;
comment on view api.blocked_change is 'Changes of the list of blocked addresses.';
