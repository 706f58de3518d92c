create or replace view api.settlement_rule with (security_invoker = true) as
select gambling_type_id, window_days, unresolved_may_be_open, grounds from report.settlement_rule;
comment on view api.settlement_rule is 'How open bets at the end of a month are looked for.';
