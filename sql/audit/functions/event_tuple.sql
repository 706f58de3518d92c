create or replace function audit.event_tuple(p_event audit.event) returns bytea
  language sql stable parallel safe
-- Each part is the length of a field and its value, as COPY writes it; docs/ledger.md, "Events".
begin atomic
  select '\x000e'::bytea || '\x00000008'::bytea || int8send((p_event).id)
    || '\x00000008'::bytea || timestamptz_send((p_event).at)
    || coalesce('\x00000004'::bytea || int4send((p_event).person_id), '\xffffffff')
    || audit.text_field((p_event).role)
    || coalesce('\x00000004'::bytea || int4send((p_event).operator_id), '\xffffffff')
    || coalesce('\x00000004'::bytea || int4send((p_event).concerns), '\xffffffff')
    || audit.text_field((p_event).kind) || audit.text_field((p_event).object)
    || audit.text_field((p_event).object_id) || audit.text_field((p_event).facts::text)
    || audit.text_field((p_event).request_id) || audit.text_field((p_event).address)
    || '\x00000001'::bytea || boolsend((p_event).told)
    || '\x00000010'::bytea || uuid_send((p_event).salt);
end;
comment on function audit.event_tuple(audit.event) is
  'An event as its binary COPY tuple, facts as text: what its leaf hash is made of.';
