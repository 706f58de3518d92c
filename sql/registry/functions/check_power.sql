create or replace function registry.check_power(p_power text) returns void
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- What a representative may do is what the registered powers say, for as long as they last.
begin
  if registry.caller_role() = 'operator' and exists (
    select from identity.person as p
    join registry.representative as r on r.id = p.representative_id
    where p.id = registry.own_person() and not (
      p_power = any (r.powers) and r.active_from <= transaction_timestamp()
      and transaction_timestamp() < r.active_until)
  ) then
    raise exception using errcode = 'DZR02', message = format('no power: %s', p_power);
  end if;
end
$body$;
alter function registry.check_power(text) owner to dozir_writer;
comment on function registry.check_power(text) is 'Refuses a representative what goes beyond the powers.';
