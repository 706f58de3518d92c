create or replace view api.tax_class with (security_invoker = true) as
select code, position, name_uk, name_en from registry.tax_class;
comment on view api.tax_class is 'What the tax acts set rates for.';
