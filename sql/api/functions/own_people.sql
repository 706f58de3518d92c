create or replace function api.own_people(p_token_sha256 bytea)
  returns table (
    id integer, role text, operator_id integer, operator_code text, name_uk text, name_en text,
    organisation_uk text, organisation_en text, locked boolean
  )
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
  select
    p.id, p.role, p.operator_id, o.code, p.name_uk, p.name_en, p.organisation_uk, p.organisation_en,
    identity.is_locked(p.id)
  from identity.session as s
  join identity.person as own on own.id = s.person_id
  join identity.person as p on p.id = own.id or p.tax_number = own.tax_number
  left join registry.operator as o on p.operator_id = o.id
  where s.token_sha256 = p_token_sha256 and s.ended_at is null
    and p.active_from <= transaction_timestamp() and transaction_timestamp() < p.active_until
    and (not p.demo or exists (select from identity.mode as m where m.demo))
    -- Who entered as a demo identity stays among those.
    and p.demo = own.demo
  order by p.id;
$body$;
alter function api.own_people(bytea) owner to dozir_writer;
comment on function api.own_people(bytea) is 'As whom else the holder of a session may act.';
