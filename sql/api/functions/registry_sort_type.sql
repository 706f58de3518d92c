create or replace function api.registry_sort_type(p_sort text) returns text
  language sql immutable parallel safe
  set search_path = pg_catalog, pg_temp
begin atomic
  select case
    when p_sort in ('title_uk', 'title_en') then 'text collate "uk-x-icu"'
    when p_sort = 'code' then 'text'
    when p_sort in ('since', 'until') then 'timestamptz'
  end;
end;
comment on function api.registry_sort_type(text) is
  'The type of the column by which a register is listed; null for one by which it is not.';
