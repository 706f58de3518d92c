create or replace view open_data.licence_suspensions with (security_invoker = true) as
select
    l.number as licence_number,
    o.code as operator_code,
    s.suspended_from,
    nullif(s.suspended_until, 'infinity') as suspended_until
from registry.licence_suspension as s
inner join registry.licence as l on s.licence_id = l.id
inner join registry.operator as o on l.operator_id = o.id
where s.withdrawn_at is null;
comment on view open_data.licence_suspensions is 'When licences gave no right to take bets.';
