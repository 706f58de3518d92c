create or replace view api.gambling_type with (security_invoker = true) as
select id, code, name_uk, name_en, equipment_required, channel_kinds
from registry.gambling_type;
comment on view api.gambling_type is 'Kinds of gambling.';
