create or replace function open_data.complain(
  p_about text, p_address text, p_typed text, p_provider text, p_comment text, p_contact text,
  p_language text, p_origin bytea, out number text, out problem text
)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Keeps a complaint, or counts it where the same is open: its number, by which whoever complained may ask for
-- its state; or what is wrong with it: about, too_long, address, provider, licensed, not_blocked, flood.
declare
  given_provider constant text :=
    case p_about when 'provider' then btrim(coalesce(p_provider, '')) else '' end;
  known text;
begin
  if p_about is null or p_about not in ('site', 'provider') or p_language not in ('uk', 'en') then
    problem := 'about';
  elsif length(p_comment) > 2000 or length(p_contact) > 200 or length(p_provider) > 200
    or length(p_typed) > 1000 then
    problem := 'too_long';
  elsif not coalesce(blocking.is_site_address(p_address), false) then
    problem := 'address';
  elsif p_about = 'provider' and given_provider = '' then
    problem := 'provider';
  else
    select v.verdict into known from open_data.site_verdict(blocking.host_of(p_address), p_address) as v;
    if p_about = 'site' and known = 'licensed' then
      problem := 'licensed';
    elsif p_about = 'provider' and known <> 'blocked' then
      problem := 'not_blocked';
    elsif not blocking.admit(coalesce(p_origin, ''::bytea)) then
      problem := 'flood';
    end if;
  end if;
  if problem is not null then
    return;
  end if;
  insert into blocking.complaint as c (
    number, about, address, typed, provider_name, comment, contact, language
  ) values (
    upper(replace(left(gen_random_uuid()::text, 18), '-', '')), p_about, p_address, p_typed, given_provider,
    p_comment, p_contact, p_language
  )
  on conflict (about, md5(address), provider_name) where state in ('new', 'taken')
  do update set repeated = c.repeated + 1, repeated_at = transaction_timestamp()
  returning c.number into number;
end
$body$;
alter function open_data.complain(text, text, text, text, text, text, text, bytea) owner to dozir_writer;
comment on function open_data.complain(text, text, text, text, text, text, text, bytea) is
  'Takes a complaint of the public in, or says why not.';
