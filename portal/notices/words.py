"""A notice in words: its kind's sentence with the notice's facts in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app, url_for
from werkzeug.routing import BuildError

from portal import db
from portal.web import formats
from portal.web.i18n import language

FACT = re.compile(r"\{([a-z_]+)\}")
# What Flask takes for its own has an underscore in front: no parameter of a page begins so.
NAME = re.compile("[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True)
class Told:
    """A notice ready to be shown; ``lines`` are pairs of a name and a figure, if it brings any."""

    id: int
    kind: str
    kind_name: str
    text: str
    icon: str
    tone: str
    lines: list[tuple[str, str]]
    created_at: datetime | None
    read: bool


def told(row: Mapping[str, Any], kinds: Mapping[str, db.Row]) -> Told:
    """A row of ``api.notice`` in words; of a kind that is no more its name alone."""
    kind = kinds.get(row["kind"])
    if kind is None:
        name = str(row["kind"])
        return Told(row["id"], name, name, name, "info", "quiet", [], row.get("created_at"), True)
    facts = row["facts"]
    return Told(
        row["id"],
        kind["kind"],
        in_language(kind, "name"),
        FACT.sub(lambda found: _fact(facts, found[1]), in_language(kind, "words")),
        kind["icon"],
        kind["tone"],
        [(str(name), str(value)) for name, value in facts.get("lines", [])],
        row.get("created_at"),
        row.get("read_at") is not None,
    )


def in_language(row: Mapping[str, Any], name: str) -> str:
    """The column of a name in the language of the request."""
    text: str = row[f"{name}_{language()}"]
    return text


def _fact(facts: Mapping[str, Any], name: str) -> str:
    value = facts.get(name, facts.get(f"{name}_{language()}", formats.ABSENT))
    if name.endswith("_at"):
        return formats.date_time(datetime.fromisoformat(value))
    if name.endswith("_on"):
        return formats.date_only(date.fromisoformat(value))
    return formats.count(value) if isinstance(value, int) else str(value)


def address(row: Mapping[str, Any], *, external: bool = False) -> str | None:
    """Where a notice leads: a page of the portal by its name, never an address that was stored;
    None where there is no such page (any more).
    """
    endpoint, parameters = row["target"], row["parameters"]
    if not endpoint or endpoint not in current_app.view_functions:
        return None
    query = {name: values for name, values in parameters["query"].items() if NAME.fullmatch(name)}
    path = {name: value for name, value in parameters["path"].items() if NAME.fullmatch(name)}
    try:
        return url_for(endpoint, _external=external, **{**query, **path})
    except (BuildError, ValueError):
        return None


def open_to(row: Mapping[str, Any], role: str) -> bool:
    """Whether the page that a notice leads to is open to a role."""
    view = current_app.view_functions.get(row["target"] or "")
    return role in getattr(view, "audience", frozenset())
