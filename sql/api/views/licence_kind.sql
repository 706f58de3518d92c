create or replace view api.licence_kind with (security_invoker = true) as
select
  id, code, name_uk, name_en, gambling_type_id, object_kind, article_44, term_years
from registry.licence_kind;
comment on view api.licence_kind is 'Kinds of licence.';
