create or replace view api.reason_kind with (security_invoker = true) as
select k.kind, k.position, k.name_uk, k.name_en from audit.reason_kind as k;
comment on view api.reason_kind is 'Why officials look at single transactions, to choose from.';
