create or replace function api.declare_day(
  p_day date, p_currency smallint, p_version smallint, p_counts bigint[], p_amounts bigint[],
  p_opening_balance bigint, p_closing_balance bigint, p_open_bets bigint, p_reason text default null
) returns boolean
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Declares a day of the caller's operator: counts and sums (minor units) of the types in the order bet,
-- win, refund, deposit, withdrawal; players' balances as the day began and ended; stakes of bets without
-- a result at its end. Version 1 is the first declaration of that day and currency, each further one a
-- correction with its reason. True where it is new, false where this very version is there already.
-- Raises what report.check_period and report.next_version raise, DZD04 (another content of that
-- version), DZR03 (not five of each), DZR02 (no power to propose).
declare
  own constant integer := registry.own_operator();
  actor constant text := coalesce(nullif(current_setting('dozir.actor', true), ''), session_user);
  why constant text := nullif(btrim(p_reason), '');
  there report.declared_day;
  newest smallint;
  digits smallint;
  code text;
begin
  perform identity.check_permission('declaration.submit');
  perform registry.check_power('propose');
  perform report.check_period(own, p_day, p_currency);
  if cardinality(p_counts) is distinct from 5 or cardinality(p_amounts) is distinct from 5
    or array_position(p_counts, null) is not null or array_position(p_amounts, null) is not null
    or num_nulls(p_opening_balance, p_closing_balance, p_open_bets) > 0 or length(why) > 2000 then
    raise exception using errcode = 'DZR03', message = 'a count and a sum of each of five types';
  end if;
  perform pg_advisory_xact_lock(hashtextextended(format('day %s %s', own, p_day), 8));
  select * into there from report.declared_day as d
  where d.operator_id = own and d.day = p_day and d.currency = p_currency and d.version = p_version;
  if found then
    if (
      array[there.bet_count, there.win_count, there.refund_count, there.deposit_count,
        there.withdrawal_count],
      array[there.bet_minor, there.win_minor, there.refund_minor, there.deposit_minor,
        there.withdrawal_minor],
      there.opening_balance_minor, there.closing_balance_minor, there.open_bets_minor, there.reason
    ) is distinct from (
      p_counts, p_amounts, p_opening_balance, p_closing_balance, p_open_bets, why
    ) then
      raise exception using errcode = 'DZD04', message = 'this version was declared otherwise';
    end if;
    return false;
  end if;
  newest := (
    select max(d.version) from report.declared_day as d
    where d.operator_id = own and d.day = p_day and d.currency = p_currency
  );
  perform report.next_version(newest, p_version, why);
  select c.code, c.minor_digits into code, digits from registry.currency as c where c.id = p_currency;
  insert into report.declared_day (
    operator_id, day, currency, version, declared_by, reason, bet_count, bet_minor, win_count,
    win_minor, refund_count, refund_minor, deposit_count, deposit_minor, withdrawal_count,
    withdrawal_minor, opening_balance_minor, closing_balance_minor, open_bets_minor, entry_hash
  ) values (
    own, p_day, p_currency, p_version, actor, why, p_counts[1], p_amounts[1], p_counts[2],
    p_amounts[2], p_counts[3], p_amounts[3], p_counts[4], p_amounts[4], p_counts[5], p_amounts[5],
    p_opening_balance, p_closing_balance, p_open_bets,
    ledger.append_document(5::smallint, own, jsonb_strip_nulls(jsonb_build_object(
      'record', 'day_declared', 'day', p_day, 'currency', code, 'version', p_version,
      'declared_at', ledger.rfc3339(transaction_timestamp()), 'actor', actor,
      'reason_sha256', registry.text_hash(why),
      'totals', (
        select jsonb_agg(
          jsonb_build_object(
            'type', ledger.type_name(t.type::smallint), 'count', p_counts[t.type],
            'amount', ledger.decimal_string(p_amounts[t.type], digits)
          ) order by t.type
        )
        from generate_series(1, 5) as t (type)
      ),
      'opening_balance', ledger.decimal_string(p_opening_balance, digits),
      'closing_balance', ledger.decimal_string(p_closing_balance, digits),
      'open_bets', ledger.decimal_string(p_open_bets, digits)
    )))
  );
  perform audit.note(
    'declaration', 'declared_day', p_day::text,
    jsonb_build_object('currency', code, 'version', p_version, 'actor', actor));
  return true;
end
$body$;
alter function api.declare_day(
  date, smallint, smallint, bigint[], bigint[], bigint, bigint, bigint, text
) owner to dozir_writer;
comment on function api.declare_day(
  date, smallint, smallint, bigint[], bigint[], bigint, bigint, bigint, text
) is 'Declares the totals and balances of a day, or corrects what was declared.';
