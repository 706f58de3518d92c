create or replace function api.amounts_counted(
  p_from timestamptz, p_until timestamptz, p_amount_from bigint, p_amount_to bigint
) returns boolean
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
as $body$
-- Whether deposits and withdrawals between two moments and two amounts, all included but the second moment, are
-- whole bands of whole days that are counted by amount.
declare
  first_day constant date := (p_from at time zone 'Europe/Kyiv')::date;
  after_day constant date := (p_until at time zone 'Europe/Kyiv')::date;
begin
  return p_from = first_day::timestamp at time zone 'Europe/Kyiv'
    and p_until = after_day::timestamp at time zone 'Europe/Kyiv'
    and after_day - first_day = (
      select count(*) from api.cash_progress as c where c.day >= first_day and c.day < after_day)
    and not exists (
      select
      from (
        select max(b.valid_from) as since
        from generate_series(first_day, after_day - 1, interval '1 day') as d (day)
        join api.amount_band as b on b.valid_from <= d.day
        group by d.day
      ) as s
      where
        not (p_amount_from is null or exists (
          select from api.amount_band as b where b.valid_from = s.since and b.from_minor = p_amount_from))
        or not (p_amount_to is null or exists (
          select from api.amount_band as b where b.valid_from = s.since and b.until_minor - 1 = p_amount_to))
    );
end
$body$;
comment on function api.amounts_counted(timestamptz, timestamptz, bigint, bigint) is
  'Whether a period and amounts are whole days and bands that are counted.';
