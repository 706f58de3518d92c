create or replace function maintenance.clear_some_sessions() returns bigint
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- At most 1000 at a time, so that nobody waits for locks.
declare
  cleared bigint;
  challenges bigint;
begin
  delete from identity.challenge as c
  where c.id in (
    select o.id from identity.challenge as o
    where o.expires_at < transaction_timestamp() - interval '1 day'
    limit 1000
  );
  get diagnostics challenges = row_count;
  delete from identity.session as s
  where s.token_sha256 in (
    select o.token_sha256
    from identity.session as o
    cross join maintenance.setting as c
    where least(o.ended_at, o.expires_at)
      < transaction_timestamp() - make_interval(days => c.keep_sessions_days)
    limit 1000
  );
  get diagnostics cleared = row_count;
  return cleared + challenges;
end
$body$;
alter function maintenance.clear_some_sessions() owner to dozir_writer;
comment on function maintenance.clear_some_sessions() is
  'Deletes up to 1000 sessions that ended longer ago than maintenance.setting.keep_sessions_days, and '
  'as many challenges that are over.';
