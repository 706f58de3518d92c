create or replace function audit.record_export(
  p_name text, p_title text, p_language text, p_parameters jsonb, p_lines jsonb,
  p_as_of timestamptz, p_row_count bigint, p_sha256 bytea, p_format text, p_request_id text
) returns bigint
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Before its first byte leaves, an export is on record and in the log, in one transaction. The log,
-- which is published, commits to the hash with a salt that only the row holds: of a short table the
-- bare hash would tell whoever tries the figures it could have. Raises DZX02.
declare
  taken bigint;
  own_salt constant uuid := gen_random_uuid();
  entered bytea;
begin
  perform identity.check_permission('export.make');
  if registry.caller_role() is null or registry.own_person() is null then
    raise exception using errcode = 'DZX02', message = 'an export is taken by a person in a role';
  end if;
  taken := nextval(pg_get_serial_sequence('audit.export', 'id'));
  entered := ledger.append_document(5::smallint, registry.own_operator(), jsonb_build_object(
    'act', 'export',
    'export', taken,
    'at', ledger.rfc3339(transaction_timestamp()),
    'actor', format('person %s', registry.own_person()),
    'role', registry.caller_role(),
    'name', p_name,
    'format', p_format,
    'commitment', encode(sha256(uuid_send(own_salt) || p_sha256), 'hex')));
  insert into audit.export (
    id, person_id, role, operator_id, name, title, language, parameters, lines, as_of, row_count,
    format, sha256, request_id, salt, entry_hash
  ) overriding system value values (
    taken, registry.own_person(), registry.caller_role(), registry.own_operator(), p_name, p_title,
    p_language, p_parameters, p_lines, p_as_of, p_row_count, p_format, p_sha256, p_request_id,
    own_salt, entered);
  perform audit.note('export', 'export', taken::text, jsonb_build_object(
    'name', p_name, 'format', p_format, 'rows', p_row_count, 'parameters', p_parameters));
  return taken;
end
$body$;
alter function audit.record_export(
  text, text, text, jsonb, jsonb, timestamptz, bigint, bytea, text, text) owner to dozir_writer;
comment on function audit.record_export(
  text, text, text, jsonb, jsonb, timestamptz, bigint, bytea, text, text) is
  'Records an export of the caller''s and enters it into the log.';
