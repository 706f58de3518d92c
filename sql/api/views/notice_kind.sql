create or replace view api.notice_kind with (security_invoker = true) as
select kind, position, roles, name_uk, name_en, words_uk, words_en, icon, tone, by_mail
from identity.notice_kind;
comment on view api.notice_kind is 'Kinds of notices, their words and the way that each takes unless chosen.';
