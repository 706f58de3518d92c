create or replace function api.tasks_of_arrival(p_kinds text[])
  returns table (
    kind text, severity smallint, operator_id integer, subject text, quantity bigint,
    since timestamptz, facts jsonb
  )
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Tasks about what comes in, of the kinds asked for; see api.tasks_today for the columns.
--   silence   nothing for an hour from an operator with an active live key; quantity: on how many of
--             the last 7 days it sent in the hour before this one. Told when it is usual to send then,
--             or after a day; of one that never sent, officials are told a day after it got its key.
--   refusals  refused batches since midnight: to an operator each, to officials at least 5 and more
--             than twice the usual number up to this time of day.
--   late      late rows received since midnight: to an operator each, to officials at least 10 and
--             more than one in a hundred.
declare
  moment constant timestamptz := statement_timestamp();
  midnight constant timestamptz :=
    date_trunc('day', moment at time zone 'Europe/Kyiv') at time zone 'Europe/Kyiv';
  last_hour constant timestamptz := date_trunc('hour', moment) - interval '1 hour';
  own constant boolean := current_user = 'operator';
begin
  if 'silence' = any (p_kinds) then
    return query
    -- First who is silent: of all others it need not be looked up when they usually send.
    with silent as materialized (
      select a.id, l.last_at
      from api.operator as a
      left join lateral (
        select i.last_at from api.ingest_hour as i
        where i.operator_id = a.id order by i.hour desc, i.last_at desc limit 1
      ) as l on true
      where a.active_from <= moment and a.active_until > moment
        and (l.last_at is null or l.last_at < moment - interval '1 hour')
        and exists (
          select from api.access_key as k
          where k.operator_id = a.id and k.mode = 'live' and 'submit' = any (k.scopes)
            and k.revoked_at is null and k.expires_at > moment
            and (l.last_at is not null or own or k.created_at < moment - interval '1 day')
        )
    )
    select
      'silence', case when h.days >= 6 then 1 when h.days >= 3 then 2 else 3 end::smallint,
      s.id, '', h.days, s.last_at,
      jsonb_build_object('usual_gap_s', round(3600.0 * h.days / nullif(h.batches, 0)))
    from silent as s
    cross join lateral (
      select count(distinct i.hour) as days, coalesce(sum(i.batch_count), 0) as batches
      from api.ingest_hour as i
      where i.operator_id = s.id and i.batch_count > 0
        and i.hour = any (array(
          select last_hour - n * interval '1 day' from generate_series(1, 7) as g (n)))
    ) as h
    where h.days > 0 or s.last_at is null or s.last_at < moment - interval '1 day';
  end if;
  if 'refusals' = any (p_kinds) then
    return query
    select
      'refusals',
      case when t.refused > t.accepted or (own and t.refused >= 5 and t.refused > 2 * u.refused)
        then 1 else 2 end::smallint,
      t.operator_id, '', t.refused, t.first_hour,
      jsonb_build_object('usual', round(u.refused, 1), 'accepted', t.accepted, 'codes', c.codes)
    from (
      select
        i.operator_id, sum(i.refusal_count)::bigint as refused,
        sum(i.batch_count)::bigint as accepted,
        min(i.hour) filter (where i.refusal_count > 0) as first_hour
      from api.ingest_hour as i where i.hour >= midnight
      group by i.operator_id having sum(i.refusal_count) >= case when own then 1 else 5 end
    ) as t
    cross join lateral (
      select coalesce(sum(i.refusal_count), 0) / 7.0 as refused
      from generate_series(1, 7) as g (n)
      join api.ingest_hour as i on i.hour >= midnight - n * interval '1 day'
        and i.hour < moment - n * interval '1 day'
      where i.operator_id = t.operator_id
    ) as u
    cross join lateral (
      select coalesce(jsonb_agg(x.code order by x.times desc, x.code), '[]') as codes
      from (
        select r.code, count(*) as times
        from (
          select a.code, a.refused_at from api.refusal as a
          where a.operator_id = t.operator_id order by a.id desc limit 200
        ) as r
        where r.refused_at >= midnight
        group by r.code order by times desc, r.code limit 3
      ) as x
    ) as c
    where own or t.refused > 2 * u.refused;
  end if;
  if 'late' = any (p_kinds) then
    return query
    select
      'late', case when 10 * t.late > t.received then 1 else 2 end::smallint, t.operator_id, '',
      t.late, t.first_hour, jsonb_build_object('rows', t.received)
    from (
      select
        i.operator_id, sum(i.late_count)::bigint as late, sum(i.row_count)::bigint as received,
        min(i.hour) filter (where i.late_count > 0) as first_hour
      from api.ingest_hour as i where i.hour >= midnight
      group by i.operator_id
    ) as t
    where (own and t.late > 0) or (t.late >= 10 and 100 * t.late > t.received);
  end if;
end
$body$;
comment on function api.tasks_of_arrival(text[]) is
  'Tasks about what comes in: silence, refusals, late rows; only those of the caller''s rows.';
