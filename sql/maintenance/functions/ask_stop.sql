create or replace function maintenance.ask_stop(p_run bigint) returns void
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  update maintenance.run as r set stop_asked = true where r.id = p_run and r.outcome = 'running';
end;
alter function maintenance.ask_stop(bigint) owner to dozir_writer;
comment on function maintenance.ask_stop(bigint) is 'Asks a run to stop after the step it is at.';
