create or replace function api.signed_people(p_signature_id bigint, p_browser_sha256 bytea)
  returns table (
    id integer, role text, operator_id integer, operator_code text, name_uk text, name_en text,
    organisation_uk text, organisation_en text, locked boolean
  )
  language sql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
  -- Found by the taxpayer's number alone. Whom the certificate's organisation fits comes first.
  -- A demo authority's certificates count in a demonstration, and demo identities have no others.
  select
    p.id, p.role, p.operator_id, o.code, p.name_uk, p.name_en, p.organisation_uk, p.organisation_en,
    identity.is_locked(p.id)
  from identity.signed_in(p_signature_id, p_browser_sha256) as s
  join identity.person as p on p.tax_number = s.tax_number
  left join registry.operator as o on p.operator_id = o.id
  where p.active_from <= transaction_timestamp() and transaction_timestamp() < p.active_until
    and case
      when (s.trust ->> 'demonstration')::boolean
        then exists (select from identity.mode as m where m.demo)
      else not p.demo
    end
  order by (o.taxpayer_code is not distinct from s.signer ->> 'edrpou') desc, p.id;
$body$;
alter function api.signed_people(bigint, bytea) owner to dozir_writer;
comment on function api.signed_people(bigint, bytea) is
  'As whom the signer may enter: an official, or a representative of one operator or several.';
