create or replace function rollup.cash_limits(p_day date)
  returns table (
    large_deposit bigint, pass_deposit bigint, pass_stake bigint, pass_withdrawal bigint, ids integer[]
  )
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $body$
-- What holds on a day: amounts in kopiykas, shares in millionths; null where none holds. ids: where it stands.
begin
  return query
  select
    max(l.value) filter (where l.kind = 'large_deposit'), max(l.value) filter (where l.kind = 'pass_deposit'),
    max(l.value) filter (where l.kind = 'pass_stake'), max(l.value) filter (where l.kind = 'pass_withdrawal'),
    coalesce(array_agg(l.id order by l.id) filter (where l.value is not null), '{}')
  from (
    select distinct on (c.kind) c.kind, c.value, c.id
    from registry.cash_limit as c
    where c.valid_from <= p_day and c.replaced_at is null
    order by c.kind, c.valid_from desc
  ) as l;
end
$body$;
comment on function rollup.cash_limits(date) is
  'From which amounts and shares cash flow is counted apart on a day.';
