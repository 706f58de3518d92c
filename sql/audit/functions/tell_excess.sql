create or replace function audit.tell_excess() returns void
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- One event for each count of a minute that is over and was beyond its bound; the counts are forgotten.
declare
  one record;
  whose identity.person;
  most integer;
begin
  for one in
    delete from audit.excess as x
    where x.minute < date_trunc('minute', clock_timestamp()) - interval '1 minute'
    returning x.minute, x.who, x.kind, x.number
  loop
    most := case one.who when 'nobody' then 60 else 20 end;
    if one.number > most then
      whose := null;
      select * into whose from identity.person as p where 'person ' || p.id = one.who;
      perform audit.note(
        'refused_more', null, null,
        jsonb_build_object(
          'minute', ledger.rfc3339(one.minute), 'kind', one.kind,
          'number', one.number - most),
        null, whose.id, coalesce(whose.role, 'nobody'), whose.operator_id);
    end if;
  end loop;
end
$body$;
alter function audit.tell_excess() owner to dozir_writer;
comment on function audit.tell_excess() is
  'Tells of refusals beyond the bound of their minute, by one event for each whom they concern.';
