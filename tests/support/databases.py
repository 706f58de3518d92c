"""Databases for tests: one for all, and fresh ones copied from a migrated template."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from portal import config, runtime
from portal.schema import migrate

Connection = psycopg.Connection[tuple[Any, ...]]
EMBEDDED = "dozir"
ROLES = (
    "operator",
    "regulator",
    "tax_service",
    "registrar",
    "auditor",
    "financial_monitoring",
    "fairness",
    "administrator",
)
LOGINS = (
    "dozir_migrator",
    "dozir_ingest",
    "dozir_portal",
    "dozir_sequencer",
    "dozir_readonly",
    "dozir_jobs",
    "dozir_public",
)

# A database's own grants are not copied with it.
OWN_GRANTS = re.search(
    rb"do \$database\$.*?\$database\$;", (config.ROOT / "sql" / "roles.sql").read_bytes(), re.DOTALL
)[0]  # type: ignore[index]

_number = count(1)


@dataclass(frozen=True)
class Database:
    """One database of the test server."""

    name: str

    def url(self, login: str | None = None) -> str:
        """The address for a login role; without one, the superuser's."""
        base = runtime.role_url(login) if login else runtime.maintenance_url()
        return urlsplit(base)._replace(path=f"/{self.name}").geturl()

    @contextmanager
    def connect(
        self, login: str | None = None, *, autocommit: bool = False
    ) -> Iterator[Connection]:
        """A connection that is closed in the end; without ``autocommit`` it commits on success."""
        with psycopg.connect(self.url(login), autocommit=autocommit) as conn:
            yield conn

    @contextmanager
    def rolled_back(self, login: str | None = None) -> Iterator[Connection]:
        """A connection whose transaction never commits."""
        with psycopg.connect(self.url(login)) as conn:
            try:
                yield conn
            finally:
                conn.rollback()

    @contextmanager
    def acting_as(self, role: str, operator_id: int | None = None) -> Iterator[Connection]:
        """The portal's login acting as a role, as each request does, but never committed."""
        with self.rolled_back("dozir_portal") as conn:
            become(conn, role, operator_id)
            yield conn

    def migrate(self) -> None:
        """Roles, migrations and repeatable SQL on this database."""
        with self.as_settings():
            migrate()

    @contextmanager
    def as_settings(self) -> Iterator[None]:
        """Make ``portal`` believe that this is its database."""
        before = os.environ.get("DOZIR_DATABASE_URL")
        os.environ["DOZIR_DATABASE_URL"] = self.url()
        config.settings.cache_clear()
        try:
            yield
        finally:
            os.environ.pop("DOZIR_DATABASE_URL")
            if before is not None:
                os.environ["DOZIR_DATABASE_URL"] = before
            config.settings.cache_clear()


def become(conn: Connection, role: str, operator_id: int | None = None) -> None:
    """Take on a role for this transaction, as ``portal.db.acting_as`` does."""
    conn.execute(
        "select set_config('role', %s, true), set_config('dozir.operator_id', %s, true)",
        (role, "" if operator_id is None else str(operator_id)),
    )


def rows(conn: Connection, query: Any, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    return conn.execute(query, parameters or None).fetchall()


def column(conn: Connection, query: Any, parameters: Sequence[Any] = ()) -> list[Any]:
    """The first value of each row."""
    return [row[0] for row in rows(conn, query, parameters)]


def value(conn: Connection, query: Any, parameters: Sequence[Any] = ()) -> Any:
    """The first value of the first row."""
    return rows(conn, query, parameters)[0][0]


def refusal(conn: Connection, query: Any, parameters: Sequence[Any] = ()) -> str:
    """The SQLSTATE with which a statement is refused; the transaction stays usable.

    Fails when the statement succeeds.
    """
    try:
        with conn.transaction():
            conn.execute(query, parameters or None)
    except psycopg.Error as problem:
        return problem.sqlstate or "none"
    raise AssertionError(f"not refused: {query}")


class Cluster:
    """The server of this test run and the databases on it."""

    def __init__(self, main: Database, spare: Database) -> None:
        self._main = main
        self._spare = spare  # to log in to while another database is made or dropped
        self._migrated: set[str] = set()
        self._made: list[Database] = []

    def main(self) -> Database:
        """The database that ``portal`` connects to, migrated."""
        if self._main.name not in self._migrated:
            migrate()
            self._migrated.add(self._main.name)
            self._keep_as_template()
        return self._main

    @contextmanager
    def empty(self) -> Iterator[Database]:
        """A database with nothing in it."""
        made = self._create("template0")
        try:
            yield made
        finally:
            self.drop(made)

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        """A migrated database with no operator in it, copied from a template."""
        made = self._create(self._template().name)
        with made.connect() as conn:
            conn.execute(OWN_GRANTS)
        try:
            yield made
        finally:
            self.drop(made)

    @contextmanager
    def copy_of(self, original: Database) -> Iterator[Database]:
        """A database as another one is now; nobody may be connected to that one."""
        made = self._create(original.name)
        try:
            yield made
        finally:
            self.drop(made)

    def beside(self, original: Database, suffix: str) -> Database:
        """A migrated database of its own name, found again in an installation that is kept."""
        made = Database(f"{original.name}_{suffix}")
        with self._spare.connect(autocommit=True) as conn:
            found = value(conn, "select exists (select from pg_database where datname = %s)",
                          (made.name,))  # fmt: skip
        if found:
            made.migrate()
        else:
            self._maintain(f"create database {{}} template {self._template().name}", made)
        if original.name != EMBEDDED:
            self._made.append(made)
        return made

    def drop(self, made: Database) -> None:
        """Drop a database, whoever is connected to it."""
        self._maintain("drop database if exists {} with (force)", made)
        with suppress(ValueError):
            self._made.remove(made)

    def drop_all(self) -> None:
        """Drop every database that a test left behind, the template too."""
        for made in list(self._made):
            self.drop(made)

    def _template(self) -> Database:
        template = Database(f"dozir_template_{os.getpid()}")
        if template.name not in self._migrated:
            self._maintain("create database {} template template0", template)
            self._made.append(template)
            template.migrate()
            self._close(template)
            self._migrated.add(template.name)
        return template

    def _keep_as_template(self) -> None:
        """The main database is new and nobody uses it yet: to migrate twice takes seconds."""
        template = Database(f"dozir_template_{os.getpid()}")
        with self._main.connect() as conn:
            filled = value(conn, "select exists (select from registry.operator)")
        if not filled and template.name not in self._migrated:
            self._end_sessions(self._main)
            self._copy(self._main, template)
            self._close(template)
            self._migrated.add(template.name)

    def _close(self, template: Database) -> None:
        """Keep everyone out, TimescaleDB's scheduler too: a template in use cannot be copied."""
        self._maintain("alter database {} allow_connections false", template)
        self._end_sessions(template)

    def _end_sessions(self, database: Database) -> None:
        with self._spare.connect(autocommit=True) as conn:
            conn.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s",
                (database.name,),
            )

    def _create(self, template: str) -> Database:
        made = Database(f"dozir_test_{os.getpid()}_{next(_number)}")
        self._copy(Database(template), made)
        return made

    def _copy(self, original: Database, made: Database) -> None:
        statement = sql.SQL("create database {{}} template {}").format(
            sql.Identifier(original.name)
        )
        for attempt in range(20):
            try:
                self._maintain(statement.as_string(), made)
                break
            except psycopg.errors.ObjectInUse:  # TimescaleDB's scheduler looks in for a moment
                if attempt == 19:
                    raise
                time.sleep(0.2)
        self._made.append(made)

    def _maintain(self, statement: Any, target: Database) -> None:
        with self._spare.connect(autocommit=True) as conn:
            conn.execute(sql.SQL(statement).format(sql.Identifier(target.name)))


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Start the server, or use the one that DOZIR_DATABASE_URL names."""
    runtime.ensure_running(make_absent=True)
    told = config.settings().database_url
    if told is None:
        made = Cluster(Database(EMBEDDED), Database("postgres"))
        try:
            yield made
        finally:
            made.drop_all()
        return
    given = Database(urlsplit(told).path.lstrip("/"))
    with Cluster(given, given).empty() as main, main.as_settings():
        made = Cluster(main, given)
        try:
            yield made
        finally:
            made.drop_all()
