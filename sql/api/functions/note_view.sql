create or replace function api.note_view(
  p_token_sha256 bytea, p_object text, p_object_id text, p_facts jsonb, p_concerns integer[]
) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select audit.note_view(p_token_sha256, p_object, p_object_id, p_facts, p_concerns);
end;
alter function api.note_view(bytea, text, text, jsonb, integer[]) owner to dozir_writer;
comment on function api.note_view(bytea, text, text, jsonb, integer[]) is
  'Notes that the caller is shown transactions; raises DZA03 where an official has stated no reason.';
