create or replace function api.declare_month(
  p_month date, p_currency smallint, p_gambling_type_id smallint, p_version smallint, p_basis text,
  p_ggr bigint, p_reason text default null
) returns boolean
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Declares the GGR (minor units) of a month, named by its first day, and a kind of gambling of the
-- caller's operator; version, reason and result as with api.declare_day. Raises the same, and DZD08 (no
-- such kind of gambling, or no licence for it), DZR03 (no month, no basis, no sum).
declare
  own constant integer := registry.own_operator();
  actor constant text := coalesce(nullif(current_setting('dozir.actor', true), ''), session_user);
  why constant text := nullif(btrim(p_reason), '');
  there report.declared_month;
  newest smallint;
begin
  perform identity.check_permission('declaration.submit');
  perform registry.check_power('propose');
  if p_month is null or extract(day from p_month) <> 1 or p_ggr is null or p_basis is null
    or p_basis not in ('cash', 'settlement') or length(why) > 2000 then
    raise exception using errcode = 'DZR03', message = 'a month, a basis and a sum';
  end if;
  perform report.check_period(own, (p_month + interval '1 month')::date - 1, p_currency);
  if not exists (
    select from registry.licence as l
    where l.operator_id = own and l.gambling_type_id = p_gambling_type_id
  ) then
    raise exception using errcode = 'DZD08', message = 'no licence for this kind of gambling';
  end if;
  perform pg_advisory_xact_lock(hashtextextended(format('month %s %s', own, p_month), 8));
  select * into there from report.declared_month as d
  where d.operator_id = own and d.month = p_month and d.currency = p_currency
    and d.gambling_type_id = p_gambling_type_id and d.version = p_version;
  if found then
    if (there.basis, there.ggr_minor, there.reason) is distinct from (p_basis, p_ggr, why) then
      raise exception using errcode = 'DZD04', message = 'this version was declared otherwise';
    end if;
    return false;
  end if;
  newest := (
    select max(d.version) from report.declared_month as d
    where d.operator_id = own and d.month = p_month and d.currency = p_currency
      and d.gambling_type_id = p_gambling_type_id
  );
  perform report.next_version(newest, p_version, why);
  insert into report.declared_month (
    operator_id, month, currency, gambling_type_id, version, declared_by, reason, basis, ggr_minor,
    entry_hash
  )
  select
    own, p_month, p_currency, p_gambling_type_id, p_version, actor, why, p_basis, p_ggr,
    ledger.append_document(5::smallint, own, jsonb_strip_nulls(jsonb_build_object(
      'record', 'month_declared', 'month', to_char(p_month, 'YYYY-MM'), 'currency', c.code,
      'gambling_type', t.code, 'version', p_version,
      'declared_at', ledger.rfc3339(transaction_timestamp()), 'actor', actor,
      'reason_sha256', registry.text_hash(why), 'basis', p_basis,
      'ggr', ledger.decimal_string(p_ggr, c.minor_digits))))
  from registry.currency as c
  cross join registry.gambling_type as t
  where c.id = p_currency and t.id = p_gambling_type_id;
  perform audit.note(
    'declaration', 'declared_month', to_char(p_month, 'YYYY-MM'),
    jsonb_build_object(
      'currency', p_currency, 'gambling_type', p_gambling_type_id, 'version', p_version, 'actor', actor));
  return true;
end
$body$;
alter function api.declare_month(date, smallint, smallint, smallint, text, bigint, text)
  owner to dozir_writer;
comment on function api.declare_month(date, smallint, smallint, smallint, text, bigint, text) is
  'Declares the GGR of a month and a kind of gambling, or corrects what was declared.';
