create or replace function blocking.is_site_address(p_address text) returns boolean
  language plpgsql immutable
  set search_path = pg_catalog, pg_temp
as $body$
-- Canonical: a domain in lower-case ASCII, of whatever script its punycode is, or an address of the web with
-- a domain, whose path is printable ASCII. No other scheme, no name and password, no address in numbers.
begin
  return length(p_address) <= 1000 and (
    length(p_address) <= 253
    and p_address ~ '^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})$'
    or p_address ~
      '^https://([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})(:[0-9]{1,5})?/[!-~]*$');
end
$body$;
comment on function blocking.is_site_address(text) is
  'Whether a text is a canonical domain or address of the web.';
