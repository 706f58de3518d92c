create or replace function registry.index_records(p_kind text, p_ids integer[]) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $body$
-- Brings registry.entry and its documents up to these records: the version that held is closed and a new one opened,
-- but for a version of this very transaction, which is written over, and records that are the same.
declare
  k registry.record_kind;
  moment constant timestamptz := transaction_timestamp();
  who constant text := coalesce(nullif(current_setting('dozir.actor', true), ''), session_user);
  searched text[];
begin
  select * into strict k from registry.record_kind as r where r.kind = p_kind;
  searched := array(
    select a.name from registry.attribute as a
    where a.kind = p_kind and a.searchable and not a.private order by a.position);
  with made as (
    select
      r.record_id, r.operator_id, r.document,
      coalesce((r.document ->> k.since_attribute)::timestamptz, '-infinity') as since,
      coalesce((r.document ->> k.until_attribute)::timestamptz, 'infinity') as until
    from registry.record_documents(p_kind, p_ids) as r
  ),
  indexed as materialized (select
    m.*, s.state, s.state_until, coalesce(m.document ->> k.code_attribute, '') as code,
    coalesce(m.document ->> k.title_uk_attribute, '') as title_uk,
    coalesce(m.document ->> k.title_en_attribute, '') as title_en,
    m.document ->> k.facet_a as facet_a, m.document ->> k.facet_b as facet_b,
    api.fold(array_to_string(array(select m.document ->> n from unnest(searched) as u (n)), ' '))
      as search_text,
    c.version as old_version, c.recorded_from as old_from,
    case when c.version is null then 1 when c.recorded_from < moment then c.version + 1
      else c.version end as new_version
  from made as m
  cross join lateral registry.record_state(k.state_by, m.document, m.since, m.until, moment) as s
  left join registry.entry as c
    on c.kind = p_kind and c.record_id = m.record_id and c.recorded_until = 'infinity'
  left join registry.entry_document as d
    on d.kind = p_kind and d.record_id = c.record_id and d.version = c.version
  where c.version is null or d.document is distinct from m.document or c.state is distinct from s.state
    or c.state_until is distinct from s.state_until
  ),
  closed as (
    update registry.entry as e
    set recorded_until = moment
    from indexed as i
    where e.kind = p_kind and e.record_id = i.record_id and e.version = i.old_version
      and i.old_from < moment
  ),
  documented as (
    insert into registry.entry_document as d (kind, record_id, version, operator_id, document)
    select p_kind, i.record_id, i.new_version, i.operator_id, i.document from indexed as i
    on conflict (kind, record_id, version) do update set document = excluded.document
    where d.document is distinct from excluded.document
  )
  insert into registry.entry as e (
    kind, record_id, version, operator_id, code, title_uk, title_en, state, state_until, facet_a, facet_b,
    since, until, search_text, recorded_from, actor, change_id, reason
  )
  select
    p_kind, i.record_id, i.new_version, i.operator_id, i.code, i.title_uk, i.title_en, i.state, i.state_until, i.facet_a, i.facet_b,
    i.since, i.until, i.search_text, moment, who,
    nullif(current_setting('dozir.change_id', true), '')::bigint,
    nullif(current_setting('dozir.reason', true), '')
  from indexed as i
  on conflict (kind, record_id, version) do update set
    code = excluded.code, title_uk = excluded.title_uk, title_en = excluded.title_en,
    state = excluded.state, state_until = excluded.state_until, facet_a = excluded.facet_a,
    facet_b = excluded.facet_b, since = excluded.since, until = excluded.until,
    search_text = excluded.search_text, reason = excluded.reason;
end
$body$;
alter function registry.index_records(text, integer[]) owner to dozir_writer;
comment on function registry.index_records(text, integer[]) is
  'Makes the versions of registry.entry for records that were written.';
