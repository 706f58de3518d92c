create or replace function registry.text_hash(p_text text) returns text
  language sql immutable parallel safe strict
  return encode(sha256(convert_to(p_text, 'UTF8')), 'hex');
comment on function registry.text_hash(text) is 'SHA-256 of a text in UTF-8, as hexadecimal digits.';
