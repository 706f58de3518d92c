create or replace function maintenance.note_drift(p_run bigint) returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
declare
  difference record;
  differences bigint := 0::bigint;
begin
  for difference in select d.* from maintenance.drift() as d loop
    differences := differences + 1;
    if differences <= 100 then
      insert into maintenance.finding (run_id, object, found, detail) values (
        p_run, format('%s %s', difference.kind, difference.name), difference.change || ' by hand',
        jsonb_build_object('recorded', difference.recorded, 'present', difference.present)
      );
    end if;
  end loop;
  return differences;
end
$body$;
alter function maintenance.note_drift(bigint) owner to dozir_writer;
comment on function maintenance.note_drift(bigint) is
  'Notes each object changed by hand as a finding of the run; returns how many there are.';
