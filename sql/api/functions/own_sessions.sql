create or replace function api.own_sessions(p_token_sha256 bytea, p_idle_minutes integer)
  returns table (
    id bigint, created_at timestamptz, last_seen_at timestamptz, expires_at timestamptz, device text,
    address inet, organisation_uk text, organisation_en text, own boolean
  )
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
  select
    s.id, s.created_at, s.last_seen_at, s.expires_at, s.device, s.address, p.organisation_uk,
    p.organisation_en, s.token_sha256 = p_token_sha256
  from identity.session as mine
  join identity.person as me on me.id = mine.person_id
  join identity.person as p on p.id = me.id or p.tax_number = me.tax_number
  join identity.session as s on s.person_id = p.id
  where mine.token_sha256 = p_token_sha256 and mine.ended_at is null
    and s.ended_at is null and transaction_timestamp() < s.expires_at
    and s.last_seen_at > transaction_timestamp() - make_interval(mins => p_idle_minutes)
  order by s.token_sha256 = p_token_sha256 desc, s.last_seen_at desc
  limit 200;
$body$;
alter function api.own_sessions(bytea, integer) owner to dozir_writer;
comment on function api.own_sessions(bytea, integer) is
  'The living sessions of whoever holds this one, this one first.';
