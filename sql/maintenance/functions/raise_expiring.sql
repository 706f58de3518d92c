create or replace function maintenance.raise_expiring() returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Registered records whose term ends: told 30 days before, 7 days, and one. A term that was made longer
-- is another subject. Operators are told of their own, officials of all.
begin
  return (
    select count(identity.add_notice(
      p.id, k.kind, format('%s:%s:%s:%s', e.kind, e.record_id, ledger.rfc3339(e.until), t.days),
      jsonb_build_object(
        'code', e.code, 'name_uk', e.title_uk, 'name_en', e.title_en,
        'operator_uk', coalesce(o.name_uk, ''), 'operator_en', coalesce(o.name_en, ''),
        'until_at', ledger.rfc3339(e.until)),
      'registry.record',
      jsonb_build_object(
        'path', jsonb_build_object('kind', e.kind, 'record_id', e.record_id),
        'query', '{}'::jsonb)))
    from identity.notice_kind as k
    cross join unnest(k.record_kinds) as r (kind)
    join registry.entry as e on e.kind = r.kind and e.recorded_until = 'infinity'
      and e.until > transaction_timestamp()
      and e.until <= transaction_timestamp() + interval '30 days'
      and e.state not in ('revoked', 'withdrawn')
    left join registry.operator as o on o.id = e.operator_id
    cross join lateral (
      select min(s.days) as days from (values (1), (7), (30)) as s (days)
      where e.until <= transaction_timestamp() + make_interval(days => s.days)
    ) as t
    join identity.person as p on p.role = any (k.roles)
      and (p.role <> 'operator' or p.operator_id = e.operator_id)
      and p.active_from <= transaction_timestamp() and p.active_until > transaction_timestamp()
    where not exists (
      select from identity.notice as n
      where n.person_id = p.id and n.kind = k.kind
        and n.subject = format('%s:%s:%s:%s', e.kind, e.record_id, ledger.rfc3339(e.until), t.days)));
end
$body$;
alter function maintenance.raise_expiring() owner to dozir_writer;
comment on function maintenance.raise_expiring() is
  'Tells of licences, keys and certificates whose term ends; how many notices.';
