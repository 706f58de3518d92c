"""*My tasks today*: what waits for a person, grouped by kind, in words, with the way to the rows.

A kind has one page; its heading holds the number that stood on the start page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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
    """All tasks of a kind: the line of the start page and the rows of its own page."""

    kind: Kind
    title: str
    severity: int
    since: datetime | None
    tasks: list[Task]


def read(conn: db.Connection, names: Names, own: bool) -> list[Group]:
    """What waits for the reader, the most urgent first."""
    reader = Reader(own, names)
    rows: dict[str, list[TaskRow]] = {}
    for row in gateway.tasks_today(conn):
        rows.setdefault(row.kind, []).append(row)
    groups = [_group(KINDS[name], own_rows, reader) for name, own_rows in rows.items()]
    order = list(KINDS)
    return sorted(groups, key=lambda group: (group.severity, order.index(group.kind.name)))


def empty(kind: Kind) -> Group:
    """A kind of which nothing waits."""
    return Group(kind, "", 3, None, [])


def _group(kind: Kind, rows: list[TaskRow], reader: Reader) -> Group:
    def place(row: TaskRow) -> tuple[Any, ...]:
        owner = reader.names.operators.get(row.operator_id)
        return (row.severity, alphabetical(owner.name) if owner else "", row.subject)

    return Group(
        kind,
        kind.title(rows, reader),
        min(row.severity for row in rows),
        min((row.since for row in rows if row.since), default=None),
        [
            Task(
                row,
                reader.named(row),
                kind.about(row, reader),
                kind.behind(row, reader) if kind.behind else None,
            )
            for row in sorted(rows, key=place)
        ],
    )
