create or replace view api.operator_integration with (security_invoker = true) as
select
  o.id as operator_id, k.live_keys, b.received_at as last_data_at,
  case
    when k.live_keys = 0 then 'none' when b.received_at is null then 'waiting'
    when b.received_at < statement_timestamp() - interval '1 day' then 'silent' else 'working'
  end as integration
from registry.operator as o
cross join lateral (
  select count(*) as live_keys from registry.access_key as a
  where a.operator_id = o.id and a.mode = 'live' and a.revoked_at is null
    and a.expires_at > statement_timestamp()
) as k
left join lateral (
  select l.received_at from ledger.batch as l
  where l.operator_id = o.id order by l.operator_sequence desc limit 1
) as b on true;
comment on view api.operator_integration is
  'How an operator''s systems do: none (no live key), waiting (a key, no data yet), silent (none for a day), '
  'working.';
