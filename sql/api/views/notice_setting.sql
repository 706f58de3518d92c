create or replace view api.notice_setting with (security_invoker = true) as
select kind, in_bell, by_mail from identity.notice_setting;
comment on view api.notice_setting is 'The ways that the caller chose for kinds of notices.';
