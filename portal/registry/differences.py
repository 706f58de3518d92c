"""What a change would make of a record: each attribute as it was, as proposed, as it is now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal import db
from portal.registry import desk
from portal.registry.catalogue import (
    Attribute,
    Catalogue,
    Kind,
    Reference,
    read_titles,
    references,
)
from portal.web.urls import page_address

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Value:
    """A value in words, and the record it names where it names one."""

    text: str
    address: str | None = None


@dataclass(frozen=True)
class Line:
    """One attribute. ``moved``: the record has another value now than when the change was begun."""

    attribute: Attribute
    before: Value
    after: Value
    present: Value
    changed: bool
    moved: bool


@dataclass(frozen=True)
class Differences:
    """The lines of a change, and what the change before it was sent back said otherwise."""

    kind: Kind
    lines: list[Line]
    stale: bool
    since_return: list[Line]

    @property
    def changed(self) -> list[Line]:
        """What would become different, or has become so meanwhile."""
        return [line for line in self.lines if line.changed or line.moved]

    @property
    def unchanged(self) -> list[Line]:
        """What stays as it is and says something."""
        return [
            line
            for line in self.lines
            if not (line.changed or line.moved) and line.before.text and line.after.text
        ]


def read_differences(
    conn: db.Connection, catalogue: Catalogue, detail: Mapping[str, Any]
) -> Differences:
    """The differences of a change as ``gateway.change`` gives it."""
    change = detail["change"]
    kind = catalogue.kind(change["kind"])
    base: Document = detail["base"] or {}
    present: Document = detail["present"] or {}
    if change["record_id"] is not None and any(one.private for one in kind.attributes):
        private = desk.private_attributes(conn, kind.kind, change["record_id"])
        base, present = {**private, **base}, {**private, **present}
    proposed: Document = change["proposed"]
    former = _before_return(detail["events"])
    documents = (base, present, proposed, former or {})
    titles = read_titles(
        conn,
        {
            reference
            for document in documents
            for one in kind.attributes
            for reference in _references(one, document.get(one.name))
        },
    )
    stale = bool(detail["stale"])

    def shown(attribute: Attribute, value: Any) -> Value:
        address = None
        if attribute.data_type == "reference":
            for known in _references(attribute, value):
                if known in titles:
                    address = record_address(known.kind, known.record_id)
        try:
            return Value(catalogue.text(attribute, value, titles), address)
        except (ArithmeticError, AttributeError, TypeError, ValueError):
            return Value(str(value).removeprefix("?"))  # in a draft, what does not belong there

    def line(attribute: Attribute, one: Document, other: Document) -> Line:
        name = attribute.name
        before, after = one.get(name), other.get(name, one.get(name))
        return Line(
            attribute,
            shown(attribute, before),
            shown(attribute, after),
            shown(attribute, present.get(name)),
            before != after,
            stale and present.get(name) != before,
        )

    own = [one for steps in kind.steps().values() for one in steps if one.editable != "never"]
    return Differences(
        kind,
        [line(one, base, proposed) for one in own],
        stale,
        []
        if former is None
        else [
            made
            for one in own
            if former.get(one.name) != proposed.get(one.name)
            for made in [line(one, {**base, **former}, {**base, **proposed})]
        ],
    )


def _references(attribute: Attribute, value: Any) -> list[Reference]:
    try:
        return list(references(attribute, value))
    except (AttributeError, TypeError, ValueError):
        return []


def record_address(kind: str, record_id: int | None) -> str | None:
    """The page of a record; None where there is none yet."""
    if record_id is None:
        return None
    return page_address("registry.record", kind=kind, record_id=record_id)


def _before_return(events: list[dict[str, Any]]) -> Document | None:
    """What was proposed when the change was sent back the last time; None where it never was."""
    returned = max((n for n, one in enumerate(events) if one["action"] == "return"), default=-1)
    sent = [one["proposed"] for one in events[: max(returned, 0)] if one["action"] == "submit"]
    return sent[-1] if sent else None
