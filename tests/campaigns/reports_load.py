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
from dataclasses import dataclass, replace
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
# At 1.1 million rows a day 265 are raw rows and their index, 155 aggregates and 28 batches
# (measured); a market of fewer rows has more aggregates for each.
BYTES_PER_ROW = 600
BYTES_BESIDE = 2 * 1024**3


@dataclass(frozen=True)
class Size:
    """How much is generated of so many operators, over so many days up to today."""

    transactions: int
    seed: int
    operators: int
    days: int = DAYS

    @classmethod
    def of(cls, transactions: int, seed: int, days: int = DAYS) -> Size:
        wanted = transactions // ROWS_OF_AN_OPERATOR
        return cls(transactions, seed, min(OPERATORS, max(FEWEST_OPERATORS, wanted)), days)

    def tenth(self) -> Size:
        """The same market with a tenth of what happens in it."""
        return replace(self, transactions=self.transactions // 10)


def check_room(transactions: int, folder: Path, present: int) -> None:
    """Raises Refused where the disk would not hold it; ``present`` rows are there already."""
    wanted = max(0, transactions - present) * BYTES_PER_ROW + BYTES_BESIDE
    free = shutil.disk_usage(folder).free
    say(f"about {wanted / 1e9:.0f} GB are needed, {free / 1e9:.0f} GB are free in {folder}")
    if wanted > free:
        most = max(0, int((free - BYTES_BESIDE) / BYTES_PER_ROW)) + present
        raise Refused(
            f"{transactions:,} transactions need about {wanted / 1e9:.0f} GB in {folder}, "
            f"where {free / 1e9:.0f} GB are free: make room, or generate at most {most:,}"
        )


class Loader:
    """Fills one database with the market of ``size``."""

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

    def load(self) -> None:
        """Raw rows, then all that is counted from them."""
        daily = round(self.size.transactions / self.size.days)

        def raw(conn: Connection, day: date) -> int:
            parameters = {"day": day, "daily": daily, "seed": self.size.seed}
            for statement in made.RAW:
                conn.execute(statement, parameters)
            return int(value(conn, "select count(*) from made_row"))

        def counted(conn: Connection, day: date) -> int:
            for statement in made.AGGREGATES:
                conn.execute(statement, {"day": day})
            return 0

        def rounds(conn: Connection, day: date) -> int:
            conn.execute(made.ROUNDS, {"day": day})
            return 0

        self._by_days("rows", raw)
        with self._connected() as conn:
            self._once(conn, "emptied", made.EMPTY)
        self._by_days("aggregates", counted)
        self._by_days("rounds", rounds)
        self._arrivals()
        with self._connected() as conn:
            self._once(conn, "accounts", made.ACCOUNTS)
            self._once(conn, "declared", made.DECLARED)
            self._once(conn, "entered", made.ENTERED)
        with self.database.connect(autocommit=True) as conn:
            say("vacuum and statistics")
            conn.execute("vacuum (analyze)")

    def _arrivals(self) -> None:
        """Days of arrival of the hours that are over, as the job makes them; what is done stays."""
        with self.database.connect(autocommit=True) as conn:
            conn.execute(made.ARRIVALS)
            while value(conn, "select maintenance.count_some_arrivals()") is not None:
                pass

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
