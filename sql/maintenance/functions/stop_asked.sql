create or replace function maintenance.stop_asked(p_run bigint) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select coalesce(bool_or(r.stop_asked), false) from maintenance.run as r where r.id = p_run;
end;
alter function maintenance.stop_asked(bigint) owner to dozir_writer;
comment on function maintenance.stop_asked(bigint) is
  'Whether a run was asked to stop; its procedure looks after each step.';
