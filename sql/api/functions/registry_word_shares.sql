create or replace function api.registry_word_shares(p_kind text, p_patterns text[]) returns real[]
  language plpgsql stable security invoker
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_custom_plan
as $body$
-- Which share of a register's records each of these patterns fits, judged by 400 of them that lie evenly
-- among its ids (multiples of the golden ratio have no period). Null for a small register: there no
-- way of searching takes long.
declare
  last_id bigint;
  shares real[];
begin
  select e.record_id::bigint into last_id from api.entry as e
  where e.kind = p_kind and e.recorded_until = 'infinity' order by e.record_id desc limit 1;
  if last_id >= 5000 then
    with sample as materialized (
      select e.search_text from api.entry as e
      where e.kind = p_kind and e.recorded_until = 'infinity' and e.record_id = any (array(
        select (1 + n * 2654435769 % 4294967296 * last_id / 4294967296)::integer
        from generate_series(1, 400) as g (n)))
    )
    select array_agg(f.share order by f.place) into shares
    from (
      select u.place, avg((s.search_text like u.pattern)::integer)::real as share
      from unnest(p_patterns) with ordinality as u (pattern, place)
      cross join sample as s group by u.place
    ) as f;
  end if;
  return shares;
end
$body$;
comment on function api.registry_word_shares(text, text[]) is
  'How frequent the words of a search are in a register, by a sample.';
