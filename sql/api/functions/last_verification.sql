create or replace function api.last_verification()
  returns table (
    began_at timestamptz, ended_at timestamptz, log_size bigint, batch_count bigint,
    row_count bigint, finding_count bigint
  )
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- How the verifier's last run ended, in counts; what it found is for officials.
begin
  return query
  select v.began_at, v.ended_at, v.log_size, v.batch_count, v.row_count, v.finding_count::bigint
  from ledger.verification as v
  order by v.id desc
  limit 1;
end
$body$;
alter function api.last_verification() owner to dozir_writer;
comment on function api.last_verification() is
  'How the verifier''s last run ended, for everyone: counts only, nothing of an operator.';
