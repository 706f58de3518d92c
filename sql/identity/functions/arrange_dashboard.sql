create or replace function identity.arrange_dashboard(p_cards text[], p_hidden text[]) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Null for the first: as it is for everybody. Raises DZX02.
begin
  if registry.caller_role() is null or registry.own_person() is null then
    raise exception using errcode = 'DZX02', message = 'a start page is a person''s in a role';
  end if;
  if p_cards is null then
    delete from identity.dashboard as d
    where d.person_id = registry.own_person() and d.role = registry.caller_role();
    return;
  end if;
  insert into identity.dashboard as d (person_id, role, cards, hidden)
  values (registry.own_person(), registry.caller_role(), p_cards, p_hidden)
  on conflict (person_id, role) do update set cards = excluded.cards, hidden = excluded.hidden;
end
$body$;
alter function identity.arrange_dashboard(text[], text[]) owner to dozir_writer;
comment on function identity.arrange_dashboard(text[], text[]) is
  'Orders the figures of the caller''s start page and hides some, or puts them back.';
