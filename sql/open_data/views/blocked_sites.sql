create or replace view open_data.blocked_sites with (security_invoker = true) as
select
    s.address,
    s.site_kind as kind,
    s.order_number,
    s.blocked_from,
    (s.order_date at time zone 'Europe/Kyiv')::date as order_date
from registry.blocked_site as s
where s.blocked_from <= statement_timestamp() and s.blocked_until > statement_timestamp();
comment on view open_data.blocked_sites is 'Addresses that are blocked now, and by which order.';
