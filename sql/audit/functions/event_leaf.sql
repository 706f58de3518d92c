create or replace function audit.event_leaf(p_event audit.event) returns bytea
  language sql stable parallel safe
  return sha256('\x00'::bytea || audit.event_tuple(p_event));
comment on function audit.event_leaf(audit.event) is
  'The leaf hash of an event: SHA-256 over a zero byte and its binary COPY tuple.';
