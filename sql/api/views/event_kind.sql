create or replace view api.event_kind with (security_invoker = true) as
select k.kind, k.position, k.name_uk, k.name_en, k.told from audit.event_kind as k;
comment on view api.event_kind is 'What is noted in the trail, in words.';
