create or replace function api.arrange_dashboard(p_cards text[], p_hidden text[]) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
begin atomic
  select identity.arrange_dashboard(p_cards, p_hidden);
end;
alter function api.arrange_dashboard(text[], text[]) owner to dozir_writer;
comment on function api.arrange_dashboard(text[], text[]) is
  'Orders the figures of the caller''s start page and hides some, or puts them back.';
