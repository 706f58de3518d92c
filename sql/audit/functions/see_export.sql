create or replace function audit.see_export(p_id uuid) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  update audit.export_job as j set seen_at = transaction_timestamp()
  where j.id = p_id and j.person_id = registry.own_person()
    and j.seen_at is null and j.state in ('ready', 'failed');
  return found;
end
$body$;
alter function audit.see_export(uuid) owner to dozir_writer;
comment on function audit.see_export(uuid) is
  'Notes that the caller knows how a file of theirs ended.';
