create or replace function ledger.enter_retention(p_from timestamptz, p_until timestamptz)
  returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- What must be true and written before a day (UTC) is dropped: an archive holds exactly its rows
-- (DZR05 where none does and maintenance.setting.drop_unarchived is off), the leaves that
-- batches with rows in later days still need are kept, and the retention act is in the log.
declare
  gone constant date := (p_from at time zone 'UTC')::date;
  figures record;
  kept_as text;
  kept_sha256 bytea;
  entered bytea;
begin
  select f.* into figures from ledger.day_figures(p_from, p_until) as f;
  select a.name, a.manifest_sha256 into kept_as, kept_sha256
  from ledger.archived_day as a
  where a.day = gone and a.row_count = figures.row_count and a.batch_count = figures.batch_count
    and a.batches_sha256 = figures.batches_sha256 and a.totals = figures.totals
  order by a.archived_at desc
  limit 1;
  if kept_as is null and not (select s.drop_unarchived from maintenance.setting as s) then
    raise exception using
      errcode = 'DZR05',
      message = format('%s is kept: no verified archive holds all of its rows', gone),
      hint = format('dozir archive --day %s', gone);
  end if;
  insert into ledger.dropped_leaf (batch_id, row_no, leaf)
  select t.batch_id, t.row_no, ledger.row_leaf(t)
  from ledger.transaction as t
  join ledger.batch as b on b.id = t.batch_id
  where t.occurred_at >= p_from and t.occurred_at < p_until and b.occurred_until >= p_until;
  entered := ledger.append_document(
    6::smallint, null,
    jsonb_build_object(
      'act', 'retention',
      'day', gone,
      'by', session_user,
      'at', ledger.rfc3339(transaction_timestamp()),
      'rows', figures.row_count,
      'batches', figures.batch_count,
      'totals', figures.totals,
      'archive', case when kept_as is not null then jsonb_build_object(
        'name', kept_as, 'manifest_sha256', encode(kept_sha256, 'hex')) end));
  insert into ledger.dropped_day (day, archive, entry_hash) values (gone, kept_as, entered);
end
$body$;
comment on function ledger.enter_retention(timestamptz, timestamptz) is
  'Holds a day to its archive, keeps the leaves that are still needed and enters the retention act.';
