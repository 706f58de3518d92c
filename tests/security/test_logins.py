"""What pgTAP cannot try: COPY, real logins with their settings, chunks made meanwhile."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import sql

from tests.support.batches import COLUMNS, random_rows, store
from tests.support.databases import LOGINS, ROLES, Connection, Database, become, column, refusal
from tests.support.market import Market

DENIED = psycopg.errors.InsufficientPrivilege.sqlstate
PERSONAS = [*(("dozir_portal", role) for role in ROLES), *((login, None) for login in LOGINS)]
PERSONAS.remove(("dozir_migrator", None))  # the owner


def _chunks(database: Database) -> list[str]:
    with database.connect() as conn:
        return column(
            conn,
            "select format('%I.%I', chunk_schema, chunk_name) from timescaledb_information.chunks",
        )


def _play(conn: Connection, role: str | None) -> None:
    conn.execute("set transaction read write")
    if role:
        become(conn, role)


def _copy_refused(conn: Connection, statement: str) -> str | None:
    try:
        with conn.transaction(), conn.cursor() as cursor, cursor.copy(statement) as copy:
            if "stdout" in statement:
                list(copy)
    except psycopg.Error as problem:
        return problem.sqlstate
    return None


@pytest.mark.parametrize(("login", "role"), PERSONAS)
def test_copy_is_no_way_around(
    database: Database, market: Market, login: str, role: str | None
) -> None:
    """A chunk made this minute, after all grants, is as closed as the others."""
    moments = [datetime.now(UTC) - timedelta(days=random.randrange(2, 500)) for _ in range(2)]
    store(database, market.beta, random_rows(market.beta, 4, random.Random(), moments))
    with database.rolled_back(login) as conn:
        _play(conn, role)
        for chunk in _chunks(database):
            for statement in (
                f"copy {chunk} to stdout",
                f"copy (select * from {chunk}) to stdout",
                f"copy {chunk} from stdin",
            ):
                assert _copy_refused(conn, statement) == DENIED, statement
        assert _copy_refused(conn, "copy ledger.transaction to stdout") == DENIED
        if login != "dozir_ingest":
            assert _copy_refused(conn, "copy ledger.transaction from stdin") == DENIED


def test_ingest_copies_into_the_ledger_alone(database: Database) -> None:
    with database.rolled_back("dozir_ingest") as conn:
        names = ", ".join(COLUMNS)
        assert _copy_refused(conn, f"copy ledger.transaction ({names}) from stdin") is None
        for table in ("ledger.batch", "ledger.refusal", "ledger.archive", "ledger.operator_head"):
            assert _copy_refused(conn, f"copy {table} from stdin") == DENIED, table


def test_readonly_begins_read_only(database: Database) -> None:
    with database.rolled_back("dozir_readonly") as conn:
        assert column(conn, "show transaction_read_only") == ["on"]
        assert column(conn, "select count(*) >= 0 from operator") == [True]  # api comes first


@pytest.mark.parametrize("login", LOGINS)
def test_a_login_can_be_told_from_every_other(database: Database, login: str) -> None:
    """Each has a password of its own, and nobody enters without one."""
    with database.connect(login) as conn:
        assert column(conn, "select session_user::text") == [login]
    wrong = psycopg.conninfo.make_conninfo(database.url(login), password="guess")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(wrong)


@pytest.mark.parametrize("login", [login for login in LOGINS if login != "dozir_migrator"])
def test_a_login_makes_nothing(database: Database, login: str) -> None:
    with database.rolled_back(login) as conn:
        conn.execute("set transaction read write")
        for statement in (
            "create temporary table mine (n integer)",
            "create table public.mine (n integer)",
            "create function public.mine() returns integer language sql return 1",
        ):
            assert refusal(conn, statement) == DENIED, statement


@pytest.mark.parametrize("target", ["ledger.transaction", "ledger.batch", "ledger.cancellation"])
@pytest.mark.parametrize(
    "statement", ["update {} set batch_id = 0", "delete from {}", "truncate {}"]
)
def test_nobody_changes_the_ledger(
    database: Database, market: Market, target: str, statement: str
) -> None:
    """Every login is refused for want of privilege, the owner by triggers."""
    store(database, market.beta, random_rows(market.beta, 2, random.Random(), [datetime.now(UTC)]))
    text = statement.format(target)
    if target == "ledger.batch":
        text = text.replace("batch_id", "id")
    for login, role in PERSONAS:
        with database.rolled_back(login) as conn:
            _play(conn, role)
            assert refusal(conn, text) == DENIED, (login, role)
    with database.rolled_back("dozir_migrator") as conn:
        if target == "ledger.cancellation" and not text.startswith("truncate"):
            conn.execute(
                sql.SQL("insert into {} values (1, gen_random_uuid(), 1, 1)").format(
                    sql.SQL(target)  # type: ignore[arg-type]
                )
            )
        assert refusal(conn, text) == "DZA01"
