create or replace function api.apply_as_newcomer(p_signature_id bigint, p_browser_sha256 bytea)
  returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Whoever is known to nobody may apply for an organiser, and acts for nobody until it is registered.
-- Raises DZP04, and DZP01 where the certificate holds no taxpayer's number or its holder is known.
declare
  signed constant identity.signature := identity.signed_in(p_signature_id, p_browser_sha256);
  made integer;
begin
  perform pg_advisory_xact_lock(hashtext('identity.person'), hashtext(signed.tax_number));
  if signed.tax_number is null
    or exists (select from identity.person as p where p.tax_number = signed.tax_number)
    or signed.signer ->> 'common_name' is null then
    raise exception using errcode = 'DZP01', message = 'no newcomer';
  end if;
  insert into identity.person
    (role, name_uk, name_en, organisation_uk, organisation_en, tax_number)
  values (
    'operator', signed.signer ->> 'common_name', signed.signer ->> 'common_name', 'Заявник',
    'Applicant', signed.tax_number)
  returning id into made;
  return made;
end
$body$;
alter function api.apply_as_newcomer(bigint, bytea) owner to dozir_writer;
comment on function api.apply_as_newcomer(bigint, bytea) is
  'Makes an applicant of a signer whom nobody knows; raises DZP01, DZP04.';
