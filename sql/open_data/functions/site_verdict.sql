create or replace function open_data.site_verdict(
  p_host text, p_address text, out verdict text, out operator_code text, out operator_uk text,
  out operator_en text, out since timestamptz, out order_number text, out order_date timestamptz,
  out address text, out looks_like text
)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Whether a site is legal: licensed (registered by an operator that holds a licence in force of a kind that
-- may be offered on a site), without_licence (registered, but no such licence is in force now), blocked (by
-- which order), or unknown. A site is blocked with the domains above it. looks_like: a registered site that
-- it could be taken for.
declare
  bare constant text := regexp_replace(p_host, '^www\.', '');
begin
  select
    w.domain, o.code, o.name_uk, o.name_en, c.active_from,
    case when exists (
      select from registry.licence as l
      join registry.gambling_type as g on g.id = l.gambling_type_id
      where l.operator_id = o.id and 'website' = any (g.channel_kinds) and l.valid_from <= transaction_timestamp()
        and least(l.valid_until, l.revoked_at) > transaction_timestamp()
        and not exists (
          select from registry.licence_suspension as s
          where s.licence_id = l.id and s.withdrawn_at is null and s.suspended_from <= transaction_timestamp()
            and s.suspended_until > transaction_timestamp())
    ) then 'licensed' else 'without_licence' end
  into address, operator_code, operator_uk, operator_en, since, verdict
  from registry.website as w
  join registry.channel as c on c.id = w.channel_id
  join registry.operator as o on o.id = w.operator_id
  where w.domain in (p_host, bare) and c.active_from <= transaction_timestamp()
    and c.active_until > transaction_timestamp() and o.active_until > transaction_timestamp()
  order by w.domain = p_host desc
  limit 1;
  if found then
    return;
  end if;
  select s.address, s.order_number, s.order_date, s.blocked_from, 'blocked'
  into address, order_number, order_date, since, verdict
  from registry.blocked_site as s
  where s.address = any (
      array[p_address] || array(
        select array_to_string(a.labels[n.n :], '.')
        from (select string_to_array(p_host, '.') as labels) as a
        cross join lateral generate_series(1, cardinality(a.labels) - 1) as n (n)))
    and s.blocked_from <= transaction_timestamp() and s.blocked_until > transaction_timestamp()
  order by length(s.address) desc
  limit 1;
  verdict := coalesce(verdict, 'unknown');
  select w.domain into looks_like
  from registry.website as w
  join registry.channel as c on c.id = w.channel_id
  where w.skeleton = blocking.looks_of(bare) and w.domain <> p_host and c.active_until > transaction_timestamp()
  order by w.domain
  limit 1;
end
$body$;
alter function open_data.site_verdict(text, text) owner to dozir_writer;
comment on function open_data.site_verdict(text, text) is
  'Whether a site is licensed, blocked or unknown, and why.';
