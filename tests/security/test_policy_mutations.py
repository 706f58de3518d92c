"""Each policy is the thing that grants: set to USING (false), its role reads nothing any more."""

from __future__ import annotations

import pytest
from psycopg import DatabaseError, sql

from tests.support.databases import Connection, Database, become, column, rows, value

READERS = ("operator", "regulator", "tax_service", "registrar", "auditor", "dozir_readonly")
PERIOD = "current_date - 30, current_date + 1"
MOMENTS = "now() - interval '30 days', now() + interval '1 day'"
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
    "access_key_use": "select from api.access_key_use()",
    "change_detail": "select from api.change_detail(tap.change_of('TEST-ALPHA')) as d"
    " where d is not null",
    "change_queue": "select from api.change_queue()",
    "names": "select from api.names()",
    "operators_at_a_glance": "select from api.operators_at_a_glance()",
    "registry_facets": "select from api.registry_facets('licence') as f where f.facet = 'state'",
    "registry_history": "select from api.registry_history('licence', 1)",
    "registry_list": "select from api.registry_list('licence')",
    "registry_record": "select from api.registry_record('licence', 1)",
    "registry_search": "select from api.registry_search('A-')",
    "object_names": "select from api.object_names({0}, {0}, {0}, {0})".format(
        "array(select generate_series(1, 100))"
    ),
    "refusals": "select from api.refusals()",
    "registry_codes": "select from jsonb_array_elements(api.registry_codes() -> 'licences')",
    "stakes_and_winnings": f"select from api.stakes_and_winnings({PERIOD})",
    "tasks_of_arrival": "select from api.tasks_of_arrival('{late}')",
    "tasks_of_money": "select from api.tasks_of_money('{breaches}')",
    "tasks_of_registry": "select from api.tasks_of_registry('{licences}')",
    "tasks_of_streams": "select from api.tasks_of_streams()",
    "tasks_today": "select from api.tasks_today()",
    "transactions": f"select from api.transactions({MOMENTS})",
}
NO_ROWS = {"watermark", "fold", "registry_conditions"}  # tell no rows


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
        "select proname from pg_proc where pronamespace = 'api'::regnamespace"
        " and provolatile <> 'v' and has_function_privilege(%s, oid, 'execute')",
        (role,),
    )
    queries = {f"api.{view}": f"select from api.{view}" for view in views}
    return queries | {f"api.{name}()": CALLS[name] for name in functions if name not in NO_ROWS}


def _count(conn: Connection, query: str) -> int:
    """A register of which the catalogue cannot be read is refused: that is nothing to see."""
    try:
        with conn.transaction():
            found: int = value(conn, f"select count(*) from ({query}) as q")
    except DatabaseError as problem:
        if problem.sqlstate != "DZR04":
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


@pytest.mark.parametrize("role", READERS)
def test_without_its_policies_a_role_reads_nothing(stage: Database, role: str) -> None:
    with stage.rolled_back() as conn:
        reads = _reads(conn, role)
        alpha = value(conn, "select tap.operator_id('TEST-ALPHA')")
        _leave_a_gap(conn, alpha)
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
            "select proname from pg_proc where pronamespace = 'api'::regnamespace"
            " and provolatile <> 'v'",
        )
    assert set(reading) == set(CALLS) | NO_ROWS
