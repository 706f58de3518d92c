create or replace view api.representative_private with (security_invoker = true) as
select id, operator_id, taxpayer_number, email, phone from registry.representative;
comment on view api.representative_private is
  'What identifies a representative as a person: not for the tax service.';
