create or replace view api.tax_class_type with (security_invoker = true) as
select tax_class, gambling_type_id from registry.tax_class_type;
comment on view api.tax_class_type is 'Kinds of gambling of each tax class.';
