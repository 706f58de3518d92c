"""A market of any size for the reports: raw rows made by the database itself, aggregates from them.

Triggers are off while raw rows are written; what they would have done is then made day by day by
the functions with which the database itself recounts its aggregates. Everything follows the seed.
Each day is one transaction that is noted when it is done, so a load that was interrupted goes on
where it stopped.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import LiteralString

from tests.campaigns import reports_rows as made
from tests.campaigns.campaign import Refused, say
from tests.support.databases import Connection, Database, rows, value

DAYS = 90
OPERATORS = 1_000
ROWS_OF_AN_OPERATOR = 500  # at least, so that a small market has fewer operators
FEWEST_OPERATORS = 20
# Raw rows and their index take 290 (measured); aggregates by hour (fewer a row in a dense market)
# for each row, accounts, batches and the write-ahead log are estimated.
BYTES_PER_ROW = 600
BYTES_BESIDE = 2 * 1024**3
FIRST_SHARE = 0.1  # what is loaded, and measured, first


@dataclass(frozen=True)
class Size:
    """How much is generated, over so many days up to today."""

    transactions: int
    seed: int
    days: int = DAYS

    @property
    def operators(self) -> int:
        wanted = self.transactions // ROWS_OF_AN_OPERATOR
        return min(OPERATORS, max(FEWEST_OPERATORS, wanted))


def check_room(size: Size, folder: Path, present: int) -> None:
    """Raises Refused where the disk would not hold it; ``present`` rows are there already."""
    wanted = max(0, size.transactions - present) * BYTES_PER_ROW + BYTES_BESIDE
    free = shutil.disk_usage(folder).free
    say(f"about {wanted / 1e9:.0f} GB are needed, {free / 1e9:.0f} GB are free in {folder}")
    if wanted > free:
        most = max(0, int((free - BYTES_BESIDE) / BYTES_PER_ROW)) + present
        raise Refused(
            f"{size.transactions:,} transactions need about {wanted / 1e9:.0f} GB in {folder}, "
            f"where {free / 1e9:.0f} GB are free: make room, or generate at most {most:,}"
        )


class Loader:
    """Fills one database with the market of ``size``, in two parts of the same days."""

    def __init__(self, database: Database, size: Size) -> None:
        self.database = database
        self.size = size

    def begin(self) -> int:
        """Make what is registered, or find it as it was left; how many rows are there."""
        with self.database.connect() as conn:  # registers keep their history, so with triggers
            if value(conn, "select to_regclass('campaign.setting') is null"):
                conn.execute(made.HELPERS)
                conn.execute(
                    "insert into campaign.setting values (%s, %s, %s, %s, %s)",
                    (
                        self.size.transactions,
                        self.size.seed,
                        self.size.operators,
                        self.size.days,
                        value(conn, "select (now() at time zone 'Europe/Kyiv')::date"),
                    ),
                )
                for statement in made.REGISTERS:
                    conn.execute(statement, {"seed": self.size.seed})
            found = rows(conn, "select transactions, seed, days from campaign.setting")
            if found != [(self.size.transactions, self.size.seed, self.size.days)]:
                raise Refused(
                    f"what was kept is of {found[0][0]:,} transactions and --seed {found[0][1]}: "
                    "ask for the same, or remove it"
                )
            return int(value(conn, "select coalesce(sum(row_count), 0) from campaign.done"))

    def days(self) -> list[date]:
        with self._connected() as conn:
            last: date = value(conn, "select last_day from campaign.setting")
        return [last - timedelta(days=number) for number in reversed(range(self.size.days))]

    def load(self, part: int) -> None:
        """Part 1 or 2: raw rows, then all aggregates anew."""
        share = FIRST_SHARE if part == 1 else 1 - FIRST_SHARE
        daily = round(self.size.transactions * share / self.size.days)

        def raw(conn: Connection, day: date) -> int:
            parameters = {"day": day, "part": part, "daily": daily, "seed": self.size.seed}
            for statement in made.RAW:
                conn.execute(statement, parameters)
            return int(value(conn, "select count(*) from made_row"))

        self._by_days(f"rows {part}", raw)
        with self._connected() as conn:
            self._once(conn, f"emptied {part}", made.EMPTY)

        def counted(conn: Connection, day: date) -> int:
            for statement in made.AGGREGATES:
                conn.execute(statement, {"day": day})
            return 0

        self._by_days(f"aggregates {part}", counted)
        with self._connected() as conn:
            self._once(conn, f"accounts {part}", made.ACCOUNTS)
            self._once(conn, f"declared {part}", made.DECLARED)
        with self.database.connect(autocommit=True) as conn:
            say("vacuum and statistics")
            conn.execute("vacuum (analyze)")

    def _once(self, conn: Connection, step: str, statements: tuple[LiteralString, ...]) -> None:
        if value(conn, "select count(*) from campaign.done where step = %s", (step,)):
            return
        begun = time.monotonic()
        for statement in statements:
            conn.execute(statement, {"seed": self.size.seed} if "%(" in statement else None)
        self._note(conn, step, None, 0)
        say(f"{step}: {time.monotonic() - begun:.0f} s")

    def _by_days(self, step: str, one: Callable[[Connection, date], int]) -> None:
        """Each day in a transaction of its own; those done before are left out."""
        with self._connected() as conn:
            done = {day for (day,) in rows(conn, "select day from campaign.done where step = %s",
                                           (step,))}  # fmt: skip
        waiting = [day for day in self.days() if day not in done]
        begun, made_rows, told = time.monotonic(), 0, 0.0
        for number, day in enumerate(waiting, 1):
            with self._connected() as conn:
                count = one(conn, day)
                self._note(conn, step, day, count)
            made_rows += count
            passed = time.monotonic() - begun
            if passed - told > 5 or number == len(waiting):
                told = passed
                rate = f", {made_rows / passed / 1e3:.0f} thousand rows/s" if made_rows else ""
                left = passed / number * (len(waiting) - number)
                say(f"{step}: {number} of {len(waiting)} days{rate}, {_minutes(left)} left")

    @staticmethod
    def _note(conn: Connection, step: str, day: date | None, count: int) -> None:
        conn.execute("insert into campaign.done values (%s, %s, %s)", (step, day, count))

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        with self.database.connect() as conn:
            conn.execute("set session_replication_role = replica")
            conn.execute("set synchronous_commit = off")
            conn.execute("set work_mem = '256MB'")
            conn.execute("set jit = off")
            yield conn


def size_on_disk(database: Database) -> int:
    """Bytes of the whole database."""
    with database.connect() as conn:
        return int(value(conn, "select pg_database_size(current_database())"))


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
