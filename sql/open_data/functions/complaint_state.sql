create or replace function open_data.complaint_state(p_number text)
  returns table (state text, about text, received_at timestamptz, decided_at timestamptz, answer text)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- How a complaint stands, for whoever has its number; nothing of what was written in it.
begin
  return query
  select c.state, c.about, c.received_at, c.decided_at, c.answer
  from blocking.complaint as c where c.number = upper(btrim(p_number));
end
$body$;
alter function open_data.complaint_state(text) owner to dozir_writer;
comment on function open_data.complaint_state(text) is 'The state of a complaint by its number.';
