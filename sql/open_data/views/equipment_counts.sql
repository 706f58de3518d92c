create or replace view open_data.equipment_counts with (security_invoker = true) as
select
    o.code as operator_code,
    e.kind,
    e.state,
    count(*) as pieces
from registry.equipment as e
inner join registry.operator as o on e.operator_id = o.id
group by o.code, e.kind, e.state;
comment on view open_data.equipment_counts is
  'How much equipment of which kind is registered, by organiser; no single piece.';
