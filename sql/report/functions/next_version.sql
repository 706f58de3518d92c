create or replace function report.next_version(
  p_newest smallint, p_version smallint, p_reason text
) returns void
  language plpgsql immutable
  set search_path = pg_catalog, pg_temp
as $body$
-- Whether a version may follow the newest one. Raises DZD03 (it leaves one out; DETAIL: the newest),
-- DZD05 (a correction says why), DZD07 (there have been too many).
begin
  if p_version is distinct from coalesce(p_newest, 0) + 1 then
    raise exception using errcode = 'DZD03', message = 'a version is left out',
      detail = jsonb_build_object('newest', coalesce(p_newest, 0))::text;
  elsif p_version > 99 then
    raise exception using errcode = 'DZD07', message = 'too many versions';
  elsif p_version > 1 and p_reason is null then
    raise exception using errcode = 'DZD05', message = 'a correction says why';
  end if;
end
$body$;
comment on function report.next_version(smallint, smallint, text) is
  'Refuses a version that does not follow the newest, or a correction without a reason.';
