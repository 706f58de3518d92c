create or replace function audit.text_field(p_text text) returns bytea
  language sql stable parallel safe
begin atomic
  select coalesce(
    int4send(octet_length(convert_to(p_text, 'UTF8'))) || convert_to(p_text, 'UTF8'),
    '\xffffffff'::bytea);
end;
comment on function audit.text_field(text) is 'A text as a binary COPY tuple has it: its length, its bytes.';
