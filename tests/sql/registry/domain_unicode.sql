-- login: superuser
select is(registry.domain_unicode(given), wanted, given)
from (values
  ('example.com', 'example.com'), ('a-b.example.com', 'a-b.example.com'),
  ('xn--80aebk6cxb3b.xn--j1amh', 'гравець.укр'),
  ('xn--g-8sbgm6cxb3b.com', null), -- Latin and Cyrillic in one label
  ('xn--80atc1g.com', null), -- a letter that Ukrainian has not
  ('xn--f0a2dgm6cxb3b.com', null), -- a capital that canonical form has not
  ('xn--80ak6aa92e.com', null), -- аррӏе
  ('EXAMPLE.com', null), ('example.com.', null), ('.example.com', null), ('example..com', null),
  ('localhost', null), ('-a.com', null), ('a-.com', null), ('ab--cd.com', null), ('xn--abc.com', null),
  ('xn--a-.com', null), ('xn--.com', null), ('пошта.укр', null), ('exa mple.com', null), ('example.c', null),
  ('example.123', null), (repeat('a', 64) || '.com', null), (repeat('a.', 126) || 'comm', null), ('', null)
) as v (given, wanted);
select is(registry.decode_punycode('j1amh'), 'укр', 'RFC 3492');
