create or replace function ledger.short_text(p_text text) returns bytea
  language sql immutable parallel safe strict
  return substring(int2send(octet_length(p_text)::smallint) from 2 for 1)
    || convert_to(p_text, 'UTF8');
comment on function ledger.short_text(text) is
  'A text as entries of the log hold it: one byte of length, then its UTF-8; of at most 255 bytes.';
