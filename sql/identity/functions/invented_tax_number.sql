create or replace function identity.invented_tax_number(p_number integer) returns text
  language sql immutable
  set search_path = pg_catalog, pg_temp
as $body$
  -- Nine digits and the check digit of a taxpayer's number (RNOKPP).
  select
    n.number::text
    || mod(mod(
      sum(w.weight * substr(n.number::text, w.place::integer, 1)::integer) + 1100, 11), 10)
  from (select 300000000 + p_number as number) as n
  cross join unnest(array[-1, 5, 7, 9, 4, 6, 10, 5, 7]) with ordinality as w (weight, place)
  group by n.number;
$body$;
comment on function identity.invented_tax_number(integer) is
  'The taxpayer''s number of a demo identity: invented, with its check digit.';
