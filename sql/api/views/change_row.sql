create or replace view api.change_row with (security_invoker = true) as
select change_id, row_number, proposed, errors, record_id
from registry.change_row;
comment on view api.change_row is 'Records that a change proposes together, a row of its file each.';
