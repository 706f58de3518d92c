create or replace function open_data.report_applied(p_secret_sha256 bytea, p_sequence bigint) returns text
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- A provider says up to which change it has carried the list out: its code; null for a secret that is
-- nobody's. Raises DZB01 for a number that no change has. The same number again is noted once.
declare
  whose integer;
  whose_code text;
  last bigint;
begin
  select p.id, p.code into whose, whose_code
  from blocking.provider_key as k
  join registry.provider as p on p.id = k.provider_id
  where k.secret_sha256 = p_secret_sha256 and k.revoked_at > clock_timestamp()
    and p.active_until > clock_timestamp();
  if whose is null then
    return null;
  end if;
  select coalesce(max(c.sequence), 0) into last from blocking.change as c;
  if p_sequence is null or p_sequence < 0 or p_sequence > last then
    raise exception using errcode = 'DZB01', message = 'no change has this number', detail = last::text;
  end if;
  if p_sequence is distinct from (
    select c.sequence from blocking.compliance as c
    where c.provider_id = whose and c.what = 'applied' order by c.id desc limit 1
  ) then
    insert into blocking.compliance (provider_id, what, sequence) values (whose, 'applied', p_sequence);
  end if;
  return whose_code;
end
$body$;
alter function open_data.report_applied(bytea, bigint) owner to dozir_writer;
comment on function open_data.report_applied(bytea, bigint) is
  'A provider says up to which change it has carried out the list.';
