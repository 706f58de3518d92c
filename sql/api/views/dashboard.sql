create or replace view api.dashboard with (security_invoker = true) as
select cards, hidden from identity.dashboard;
comment on view api.dashboard is 'How the caller arranged the start page of this role.';
