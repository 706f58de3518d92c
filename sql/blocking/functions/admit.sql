create or replace function blocking.admit(p_origin bytea) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Whether one more complaint may come: five an hour and twenty in two days from one origin (the keyed hash of
-- an address or network), a thousand an hour from all together. What is refused is counted, too, in the same
-- row, so that a flood makes no table grow.
declare
  this_hour constant timestamptz := date_trunc('hour', transaction_timestamp());
  own integer;
  of_days bigint;
  everyone integer;
begin
  insert into blocking.intake as i (origin, hour, count) values (''::bytea, this_hour, 1)
  on conflict (origin, hour) do update set count = least(i.count + 1, 1000000)
  returning i.count into everyone;
  if everyone > 1000 then
    return false;
  end if;
  insert into blocking.intake as i (origin, hour, count) values (p_origin, this_hour, 1)
  on conflict (origin, hour) do update set count = least(i.count + 1, 1000000)
  returning i.count into own;
  select coalesce(sum(least(i.count, 5)), 0) into of_days from blocking.intake as i where i.origin = p_origin;
  return own <= 5 and of_days <= 20;
end
$body$;
alter function blocking.admit(bytea) owner to dozir_writer;
comment on function blocking.admit(bytea) is 'Counts a complaint of an origin: whether it may come.';
