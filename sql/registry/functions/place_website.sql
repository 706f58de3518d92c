create or replace function registry.place_website() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Whatever way a domain comes in: it is canonical, and nobody else has it or one that looks like it.
begin
  new.domain_unicode := registry.domain_unicode(new.domain);
  if new.domain_unicode is null then
    raise exception using errcode = 'DZR03', message = 'not a canonical domain',
      detail = jsonb_build_array(jsonb_build_object('attribute', 'domain', 'code', 'domain'))::text;
  end if;
  new.skeleton := registry.domain_skeleton(new.domain_unicode);
  perform pg_advisory_xact_lock(hashtextextended('website ' || new.skeleton, 4));
  if exists (
    select from registry.website as w
    join registry.channel as c on c.id = w.channel_id
    where w.skeleton = new.skeleton and w.channel_id <> new.channel_id
      and c.active_until > transaction_timestamp()
      and (w.operator_id <> new.operator_id or w.domain = new.domain)
  ) then
    raise exception using errcode = 'DZR03', message = 'another site is registered under this domain',
      detail = jsonb_build_array(jsonb_build_object('attribute', 'domain', 'code', 'claimed'))::text;
  end if;
  return new;
end
$body$;
alter function registry.place_website() owner to dozir_writer;
comment on function registry.place_website() is
  'Row trigger: canonical domains only, and none that looks like another operator''s.';
