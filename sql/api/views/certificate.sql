create or replace view api.certificate with (security_invoker = true) as
select number, product_id, issuer, standard, software_sha256, valid_from, valid_until
from registry.certificate;
comment on view api.certificate is 'Certificates of conformity of versions of products.';
