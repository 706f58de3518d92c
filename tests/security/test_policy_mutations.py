"""Each policy is the thing that grants: set to USING (false), its role reads nothing any more."""

from __future__ import annotations

import pytest
from psycopg import DatabaseError, sql

from tests.support.batches import HEADS
from tests.support.databases import Connection, Database, become, column, rows, value

READERS = (
    "operator",
    "regulator",
    "tax_service",
    "registrar",
    "auditor",
    "financial_monitoring",
    "fairness",
    "administrator",
    "dozir_readonly",
)
PERIOD = "current_date - 30, current_date + 1"
MONTHS = "current_date - 60, current_date"
MOMENTS = "now() - interval '30 days', now() + interval '1 day'"
# Any day can be taken for the beginning of a month: on some day a bet stood open.
MONTH_BEGINNINGS = (
    "generate_series(current_date - 40, current_date, '1 day') as d, api.gambling_type as t"
)
OPEN = "tap.operator_id('TEST-ALPHA'), d::date, t.id"
# Every reading function of api, with arguments that find something.
CALLS = {
    "access_keys": "select from api.access_keys()",
    "batch_detail": "select from api.batch_detail(tap.batch_of('TEST-ALPHA'))",
    "batch_transactions": "select from api.batch_transactions(tap.batch_of('TEST-ALPHA'))",
    "batches": "select from api.batches()",
    "batches_after": "select from api.batches_after()",
    "live_arrivals": "select from jsonb_array_elements("
    "(select batches from api.live_arrivals(null, now() - interval '30 days')))",
    "live_money": "select from api.live_money((now() at time zone 'Europe/Kyiv')::date)",
    "account_cohorts": f"select from api.account_cohorts({PERIOD})",
    "player_activity": f"select from api.player_activity({PERIOD}, 'day')",
    "access_key_use": "select from api.access_key_use()",
    "checkpoints": "select from api.checkpoints()",
    "change_detail": "select from api.change_detail(tap.change_of('TEST-ALPHA')) as d"
    " where d is not null",
    "change_queue": "select from api.change_queue()",
    "names": "select from api.names()",
    "integration": "select from api.integration()",
    "operators_at_a_glance": "select from api.operators_at_a_glance()",
    "operators_by_integration": "select from api.operators_by_integration()",
    "registry_facets": "select from api.registry_facets('licence') as f where f.facet = 'state'",
    "registry_history": "select from api.registry_history('licence', 1)",
    "registry_list": "select from api.registry_list('licence')",
    "registry_record": "select from api.registry_record('licence', 1)",
    "registry_search": "select from api.registry_search('A-')",
    "object_names": "select from api.object_names({0}, {0}, {0}, {0})".format(
        "array(select generate_series(1, 100))"
    ),
    "refusals": "select from api.refusals()",
    "missing_numbers": "select from api.operator as o"
    " cross join lateral api.missing_numbers(o.id) as m",
    "declared_and_observed": f"select from api.declared_and_observed({PERIOD})",
    "declaration_states": f"select from api.declaration_states({PERIOD})",
    "declared_months": f"select from api.declared_months({MONTHS})",
    "settlement_bridge": "select from api.settlement_bridge(tap.operator_id('TEST-ALPHA'),"
    f" {MONTHS}) where opening_count is not null",
    "open_bet_records": f"select from {MONTH_BEGINNINGS}, api.open_bet_records({OPEN}) as r",
    "open_bet_rows": "select from api.open_bet_record as r cross join lateral api.open_bet_rows("
    "r.operator_id, r.month, r.gambling_type_id, r.currency, r.told) as t",
    "tax_estimate": f"select from api.tax_estimate({PERIOD})",
    "tax_parts": f"select from api.tax_parts({PERIOD})",
    "tax_sums": f"select from api.tax_sums({PERIOD})",
    "registry_codes": "select from jsonb_array_elements(api.registry_codes() -> 'licences')",
    "tasks_of_arrival": "select from api.tasks_of_arrival('{late}')",
    "tasks_of_money": "select from api.tasks_of_money('{breaches}')",
    "tasks_of_registry": "select from api.tasks_of_registry('{licences}')",
    "tasks_of_streams": "select from api.tasks_of_streams()",
    "tasks_today": "select from api.tasks_today()",
    "morning_money": f"select from api.morning_money({PERIOD}, 980::smallint) where bet_count > 0",
    "morning_arrivals": f"select from api.morning_arrivals({PERIOD}) where row_count > 0",
    "transactions": f"select from api.transactions({MOMENTS})",
    "transaction_hours": (
        f"select from api.transaction_hours({MOMENTS}, null, null, null, null, null, null, null,"
        " null, null, 10)"
    ),
    "transaction_sums": (
        "select from api.transaction_sums(date_trunc('day', now() - interval '30 days'),"
        " date_trunc('day', now() + interval '2 days')) where number <> 0"
    ),
}
# Tell no rows: sample shares of a register that is large, or make conditions.
NO_ROWS = {
    "watermark",
    "fold",
    "attribute_condition",
    "registry_conditions",
    "registry_word_shares",
    "registry_sort_type",
    "place_condition",
}
DAYS = "current_date - 40, current_date + 1"
CALLS |= {
    f"report_r{number:02}": f"select from api.report_r{number:02}({DAYS}) where not is_total"
    for number in range(1, 12)
}
CALLS |= {
    "equipment_played": f"select from api.equipment_played({DAYS})",
    "report_r04_objects": f"select from api.report_r04_objects({DAYS}, '{{channel}}', null, null,"
    " null, null, 980::smallint, null)",
    "report_completeness": "select from api.report_completeness()",
    "report_flows": f"select from api.report_flows({DAYS}, '{{operator}}', null, null, null, null,"
    " null, 980::smallint, null) where not is_total",
    "day_flows": f"select from api.day_flows({DAYS}, '{{operator}}', null, null, null,"
    " 980::smallint, 'none', false) where not is_total",
    "play_flows": f"select from api.play_flows({DAYS}, '{{operator}}', null, null, 980::smallint)",
    "mark_flows": f"select from api.mark_flows({DAYS}, '{{operator}}', null, null, null, null,"
    " 980::smallint, null, 15)",
    "marked_rows": f"select from api.marked_rows({DAYS}, current_date, current_date, null, null,"
    " null, null, 980::smallint, 15)",
    "arrived_batches": "select from api.arrived_batches('-infinity', 'infinity') where batches"
    " is not null",
    "region_flows": f"select from api.region_flows({DAYS}, '{{operator,region}}', null, null, null,"
    " 980::smallint, null, 'none')",
    "report_declared": f"select from api.report_declared({DAYS}, '{{operator}}', null,"
    " 980::smallint, null) where not is_total",
    "report_bands": f"select from api.report_bands({DAYS}, '{{operator,amount_band}}', null,"
    " 980::smallint)",
    "report_cash": f"select from api.report_cash({DAYS}, '{{operator}}', null) where not is_total",
    "report_cohorts": "select from api.report_cohorts(date_trunc('month', current_date)::date,"
    " current_date + 1, '{operator,cohort}', null, null, 980::smallint)",
    "report_accounts": "select from api.report_accounts(current_date - 1, current_date - 1,"
    " '{operator}', null, null, 980::smallint) where not is_total",
}
# Of one row, or of none: what reports compute with.
NO_ROWS |= {"percent", "ggr", "rtp_percent", "hold_percent", "average", "change_percent"}
NO_ROWS |= {f"report_{one}" for one in ("key", "key_text", "keys", "shift", "days", "check")}
NO_ROWS |= {"report_time_dimension", "games_counted_until", "amounts_counted", "tax_kind_key"}
NO_ROWS |= {"lag_quantiles", "minute_rows", "log_evidence", "log_half_evidence", "whole_months"}
NO_ROWS |= {"operator_bit", "operator_block"}
# Told with marked_rows, as it is a part of it; here that hour is over.
NO_ROWS |= {"marked_hours"}
NOBODYS = {"stake_band"}  # views of constants
# Refused for want of the catalogue: of registers, of reports.
REFUSED = ("DZR04", "DZV02")


def _reads(conn: Connection, role: str) -> dict[str, str]:
    """name -> query, for every view and function of api that the role may read."""
    views = column(
        conn,
        "select relname from pg_class where relnamespace = 'api'::regnamespace and relkind = 'v'"
        " and has_table_privilege(%s, oid, 'select')",
        (role,),
    )
    functions = column(
        conn,
        "select proname from pg_proc where pronamespace = 'api'::regnamespace and prokind = 'f'"
        " and provolatile <> 'v' and has_function_privilege(%s, oid, 'execute')",
        (role,),
    )
    queries = {f"api.{view}": f"select from api.{view}" for view in views if view not in NOBODYS}
    return queries | {f"api.{name}()": CALLS[name] for name in functions if name not in NO_ROWS}


def _count(conn: Connection, query: str) -> int:
    """Where the catalogue cannot be read, its register or report is refused: nothing to see."""
    try:
        with conn.transaction():
            found: int = value(conn, f"select count(*) from ({query}) as q")
    except DatabaseError as problem:
        if problem.sqlstate not in REFUSED:
            raise
        return 0
    return found


def _close_policies(conn: Connection, role: str) -> None:
    policies = rows(
        conn,
        "select schemaname, tablename, policyname from pg_policies where %s::name = any (roles)",
        (role,),
    )
    assert policies
    for schema, table, policy in policies:
        conn.execute(
            sql.SQL("alter policy {} on {} using (false)").format(
                sql.Identifier(policy), sql.Identifier(schema, table)
            )
        )


def _block(conn: Connection) -> None:
    """A blocked site, a complaint, a provider that reports, and a deadline for connecting."""
    conn.execute(
        "insert into registry.blocked_site (address, site_kind, order_number, order_date,"
        " blocked_from) values ('blocked.example.net', 'site', '1', '2026-01-01', '2026-01-01');"
        "insert into registry.provider (code, name_uk, name_en, active_from)"
        " values ('NET-1', 'Мережа', 'Net', '2026-01-01');"
        "insert into blocking.provider_key (provider_id, secret_sha256)"
        " select id, sha256('secret') from registry.provider;"
        "select open_data.report_applied(sha256('secret'), 1),"
        " open_data.complain('site', 'bad.example.net', 'x', '', 'x', '', 'uk', 'x');"
        "insert into registry.connection_deadline (step, due_on, act, set_by)"
        " values ('data', '2030-01-01', 'x', 'person 0')"
    )


def _leave_a_gap(conn: Connection, operator_id: int) -> None:
    """Two batches of an hour ago in a stream of their own, and a number missing between them."""
    for number, sequence in ((1, 1), (2, 3)):
        conn.execute(
            "insert into ledger.batch select nextval('ledger.batch_id'), 1, 1, %s,"
            " (select max(operator_sequence) from ledger.batch where operator_id = %s) + 1, 1,"
            " gen_random_uuid(), 'gap', %s, %s, '{}', m, m, m, 0, '{}', sha256(''), 0, ''"
            " from (select now() - interval '1 hour' as m) as x",
            (operator_id, operator_id, sequence, number),
        )
    conn.execute(HEADS)


def _take_away(conn: Connection, role: str, operator_id: int) -> None:
    """Somebody in the role takes an export, asks for a file, saves a view, subscribes, is told,
    signs, and is locked out.
    """
    own = operator_id if role == "operator" else None
    person = value(
        conn,
        "insert into identity.person (role, operator_id, name_uk, name_en, organisation_uk,"
        " organisation_en) values (%s, %s, 'x', 'x', 'x', 'x') returning id",
        (role, own),
    )
    conn.execute("select tap.appoint_all()")
    conn.execute(
        "insert into identity.lock (person_id, reason, locked_by) values (%s, 'x', %s)",
        (person, person),
    )
    conn.execute(
        "insert into identity.signature (challenge_id, browser_sha256, purpose, person_id,"
        " operator_id, object, object_id, content, content_sha256, cms, certificate, chain, signer,"
        " algorithm, verdict, verified_at, trust) values (gen_random_uuid(), '', 'x', %s, %s,"
        " 'tax_rate_change', '1', '', sha256(''), '', '', '{}', '{}', 'x', 'valid', now(), '{}')",
        (person, operator_id),
    )
    become(conn, role, operator_id)
    conn.execute("select set_config('dozir.person_id', %s::text, true)", (person,))
    conn.execute(
        "select api.record_export('R', 'R', 'uk', '{}', '[]', now(), 0, sha256(''), 'csv', 'r'),"
        " api.request_export('x', '{}', 'csv', 'uk', 'r'), api.save_view('x', 'x', '{}', false),"
        " api.set_notice('subscription', true, 'none'), api.set_contact('a@b.example', 'uk', 8),"
        " api.arrange_dashboard('{ggr}', '{}')"
    )
    subscribed = value(
        conn,
        "select api.save_subscription(null, 'x', 'x', '{}', 'day', 1, 1, 8, 'uk', false)",
    )
    conn.execute("reset role")
    mail = value(
        conn,
        "select identity.queue_mail(%s, 'digest', 'a@b.example', 's', 'b', null)",
        (person,),
    )
    conn.execute(
        "select identity.end_delivery(%s, 0, 'delivered', '{}', 'x', '{}', %s)", (subscribed, mail)
    )


def _certify(conn: Connection) -> None:
    """A certificate, which is nobody's."""
    conn.execute(
        "with s as (insert into registry.supplier (code, name_uk, name_en, country, supplies,"
        " licence_number, valid_from) values ('S', 'С', 'S', 'UA', '{software}', 'S-1',"
        " '2020-01-01') returning id), p as (insert into registry.product (code, supplier_id, name,"
        " version, product_kind, active_from) select 'P', id, 'P', '1', 'game', '2020-01-01' from s"
        " returning id) insert into registry.certificate (number, product_id, issuer,"
        " software_sha256, valid_from, valid_until) select 'N-1', id, 'L', repeat('0', 64),"
        " '2020-01-01', '2021-01-01' from p"
    )


@pytest.mark.parametrize("role", READERS)
def test_without_its_policies_a_role_reads_nothing(stage: Database, role: str) -> None:
    with stage.rolled_back() as conn:
        reads = _reads(conn, role)
        if role == "operator":  # told of all operators together: never its own, see operator.sql
            del reads["api.rollup_market_mark_day"]
        alpha = value(conn, "select tap.operator_id('TEST-ALPHA')")
        _leave_a_gap(conn, alpha)
        _block(conn)
        _certify(conn)
        if role != "dozir_readonly":
            _take_away(conn, role, alpha)
        become(conn, role, alpha)
        empty = [name for name, query in reads.items() if _count(conn, query) == 0]
        assert empty == [], "nothing to hide: the test would prove nothing"

        conn.execute("reset role")
        _close_policies(conn, role)
        become(conn, role, alpha)
        shown = [name for name, query in reads.items() if _count(conn, query) > 0]
        assert shown == []


def test_every_reading_function_is_tried(stage: Database) -> None:
    with stage.rolled_back() as conn:
        reading = column(
            conn,
            "select proname from pg_proc where pronamespace = 'api'::regnamespace and prokind = 'f'"
            " and provolatile <> 'v'",
        )
    assert set(reading) == set(CALLS) | NO_ROWS
