"""*My tasks today*: what waits for a person, grouped by kind, in words, with the way to the rows.

A kind has one page; its heading holds the number that stood on the start page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from portal import db
from portal.registry.names import Named, Names
from portal.reports import gateway
from portal.reports.gateway import TaskRow
from portal.reports.task_kinds import KINDS, Kind, Reader
from portal.web.alphabet import alphabetical
from portal.web.i18n import LazyString, lazy_gettext

SEVERITIES: dict[int, tuple[LazyString, str]] = {
    1: (lazy_gettext("Act now"), "bad"),
    2: (lazy_gettext("Look into it"), "attention"),
    3: (lazy_gettext("For information"), "info"),
}


@dataclass(frozen=True)
class Task:
    """One row of a task, in words."""

    row: TaskRow
    operator: Named | None
    about: str
    address: str | None


@dataclass(frozen=True)
class Group:
    """All tasks of a kind: the line of the start page and the rows of its own page.

    A line says how many rows there are, which may be thousands: in words they are only where they
    are shown.
    """

    kind: Kind
    rows: list[TaskRow]
    reader: Reader

    @cached_property
    def title(self) -> str:
        """All rows in one line; '' where there are none."""
        return self.kind.title(self.rows, self.reader) if self.rows else ""

    @property
    def severity(self) -> int:
        """That of its most urgent row."""
        return min((row.severity for row in self.rows), default=3)

    @property
    def since(self) -> datetime | None:
        """When the first of its rows began, as far as they say so."""
        return min((row.since for row in self.rows if row.since), default=None)

    @cached_property
    def tasks(self) -> list[Task]:
        """Its rows in words, the most urgent first."""
        return [
            Task(
                row,
                self.reader.named(row),
                self.kind.about(row, self.reader),
                self.kind.behind(row, self.reader) if self.kind.behind else None,
            )
            for row in sorted(self.rows, key=self._place)
        ]

    def _place(self, row: TaskRow) -> tuple[Any, ...]:
        owner = self.reader.names.operators.get(row.operator_id)
        return (row.severity, alphabetical(owner.name) if owner else "", row.subject)


def read(conn: db.Connection, names: Names, own: bool) -> list[Group]:
    """What waits for the reader, the most urgent first."""
    reader = Reader(own, names)
    rows: dict[str, list[TaskRow]] = {}
    for row in gateway.tasks_today(conn):
        rows.setdefault(row.kind, []).append(row)
    groups = [Group(KINDS[name], own_rows, reader) for name, own_rows in rows.items()]
    order = list(KINDS)
    return sorted(groups, key=lambda group: (group.severity, order.index(group.kind.name)))


def group_of(conn: db.Connection, name: str, names: Names, own: bool) -> Group:
    """One kind; without rows where nothing of it waits."""
    for group in read(conn, names, own):
        if group.kind.name == name:
            return group
    return Group(KINDS[name], [], Reader(own, names))
