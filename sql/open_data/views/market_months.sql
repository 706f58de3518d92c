create or replace view open_data.market_months with (security_invoker = true) as
select
    g.code as gambling_type,
    m.operator_count as operators,
    to_char(m.month, 'YYYY-MM') as month,
    round(m.net_stake_minor / 100.0, 2) as net_stake,
    round(m.ggr_minor / 100.0, 2) as ggr
from
    api.market_months(
        ((statement_timestamp() at time zone 'Europe/Kyiv') - interval '9 years')::date,
        (statement_timestamp() at time zone 'Europe/Kyiv')::date
    ) as m
inner join registry.gambling_type as g on m.gambling_type_id = g.id;
comment on view open_data.market_months is
'The market in hryvnias by month that has ended and kind of gambling: of three organisers or more.';
