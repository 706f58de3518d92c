create or replace function api.own_number(p_token_sha256 bytea) returns text
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
  select p.tax_number
  from identity.session as s
  join identity.person as p on p.id = s.person_id
  where s.token_sha256 = p_token_sha256 and s.ended_at is null;
$body$;
alter function api.own_number(bytea) owner to dozir_writer;
comment on function api.own_number(bytea) is
  'The taxpayer''s number of whoever holds a session, with which decisions are to be signed.';
