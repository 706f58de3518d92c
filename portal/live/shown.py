"""The page *Live* in words: its parts, and the data of its events.

What many readers see alike is written once: a batch is on the pages of several scopes, a column
stays the same when its ten seconds are over.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache

from babel.dates import format_timedelta
from flask import current_app, url_for
from markupsafe import Markup

from portal import db
from portal.ledger import words
from portal.ledger.pages import sums
from portal.live.gateway import Arrivals
from portal.live.state import Column, State
from portal.registry.names import Names
from portal.web import formats
from portal.web.i18n import language
from portal.web.paging import cursor
from portal.web.urls import address


@dataclass(frozen=True)
class _Line:
    """A row of one of the lists; two with the same key are written alike."""

    macro: str
    key: tuple[object, ...]
    language: str
    alone: bool
    row: db.Row = field(compare=False)
    owner: str = field(compare=False)
    sums: object = field(compare=False)


def as_of(state: State) -> Markup:
    """The moment up to which everything is counted."""
    return _macro("as_of")(state)


def figures(state: State) -> Markup:
    """The figures on top."""
    return _macro("figures")(state, _ago(state))


def chart(state: State) -> Markup:
    """The picture of the last minutes."""
    return _macro("chart")(state)


def columns(state: State) -> Markup:
    """The table of the last minutes, newest first."""
    newest, *others = reversed(state.columns())
    spoken = language()
    rows = [_column(newest, True, spoken), *(_column(one, False, spoken) for one in others)]
    return Markup("").join(rows)


def money(state: State) -> Markup:
    """Sums of the day by type and currency."""
    return _macro("money")(state, words)


def batches(rows: list[db.Row], names: Names, alone: bool) -> Markup:
    """Accepted batches; ``alone`` leaves out whose they are."""
    return _list("batch_row", rows, "received_at", names, alone)


def refusals(rows: list[db.Row], names: Names, alone: bool) -> Markup:
    """Refused batches, each leading to where it is explained."""
    return _list("refusal_row", rows, "refused_at", names, alone)


def event(state: State, new: Arrivals | None, alone: bool) -> str:
    """An event's data: the page's parts, and the rows that are new; without ``new`` all rows."""
    rows = new or state
    return json.dumps(
        {
            "whole": new is None,
            "new": [new.batch_count, new.refusal_count] if new else [0, 0],
            "batches": batches(rows.batches, state.names, alone),
            "refusals": refusals(rows.refusals, state.names, alone),
            "parts": {
                "live-as-of": as_of(state),
                "live-figures": figures(state),
                "live-chart": chart(state),
                "live-columns": columns(state),
                "live-money": money(state),
            },
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _macro(name: str) -> Callable[..., Markup]:
    parts = current_app.jinja_env.get_template("live/_parts.html").module
    macro: Callable[..., Markup] = getattr(parts, name)
    return macro


def _ago(state: State) -> str:
    """How long before the state's moment the last batch came, in words."""
    if state.last_at is None:
        return formats.ABSENT
    passed = max(state.as_of - state.last_at, timedelta())
    return str(format_timedelta(-passed, add_direction=True, threshold=1, locale=formats.locale()))


@lru_cache(maxsize=4096)
def _column(column: Column, unfinished: bool, _language: str) -> Markup:
    return _macro("column_row")(column, unfinished)


def _list(macro: str, rows: list[db.Row], moment: str, names: Names, alone: bool) -> Markup:
    spoken = language()
    lines = []
    for row in rows:
        owner = names.operators.get(row["operator_id"])
        key = row["id"], row[moment]
        name = owner.name if owner else str(row["operator_id"])
        own = sums(row["totals"], names) if "totals" in row else None
        lines.append(_line(_Line(macro, key, spoken, alone, row, name, own)))
    return Markup("").join(lines)


@lru_cache(maxsize=512)
def _line(line: _Line) -> Markup:
    if line.macro == "batch_row":
        return _macro(line.macro)(line.row, line.owner, line.sums, line.alone)
    operator = None if line.alone else line.row["operator_id"]
    link = address(
        url_for("ledger.refusals"), {"operator": operator, "cursor": cursor(line.row["id"] + 1)}
    )
    reason = words.reason(line.row["code"])
    return _macro(line.macro)(line.row, line.owner, link, reason, line.alone)
