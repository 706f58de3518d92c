"""What a reader asks of the trail, read from the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from werkzeug.exceptions import BadRequest

from portal import db
from portal.audit.gateway import Asked, Place
from portal.audit.words import ROLES, Words
from portal.web.i18n import LazyString, lazy_gettext
from portal.web.paging import cursor, read_cursor
from portal.web.periods import ONE_DAY, PeriodError, midnight, read_day
from portal.web.urls import LONGEST_ID

LONGEST_OBJECT = 200
Errors = dict[str, LazyString]
DAMAGED = lazy_gettext("This link to a page of the list is damaged.")


@dataclass(frozen=True)
class Filters:
    """Which events; the days as they were given; what makes no sense, by field."""

    asked: Asked
    first: date | None
    last: date | None
    errors: Errors = field(default_factory=dict)


def read_filters(query: Mapping[str, str], words: Words) -> Filters:
    """The filters of the trail; another's operator and none at all are the same error."""
    errors: Errors = {}
    first, last = _day(query, "from", errors), _day(query, "to", errors)
    if first and last and last < first:
        errors["to"] = lazy_gettext("The period ends before it begins.")
    concerns = _number(query, "operator", errors)
    if concerns is not None and concerns not in words.operators:
        errors["operator"] = lazy_gettext("Choose an operator from the list.")
    return Filters(
        Asked(
            start=midnight(first) if first else None,
            until=midnight(last + ONE_DAY) if last else None,
            person=_number(query, "person", errors),
            role=_one_of(query, "role", ROLES, errors),
            kind=_one_of(query, "kind", words.kinds, errors),
            object=_one_of(query, "object", words.object_kinds(), errors),
            object_id=query.get("number", "").strip().replace("\0", "")[:LONGEST_OBJECT] or None,
            concerns=concerns,
        ),
        first,
        last,
        errors,
    )


def _day(query: Mapping[str, str], name: str, errors: Errors) -> date | None:
    try:
        return read_day(query, name)
    except PeriodError as problem:
        errors[name] = problem.message
        return None


def _number(query: Mapping[str, str], name: str, errors: Errors) -> int | None:
    text = query.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < LONGEST_ID):
        errors[name] = lazy_gettext("Choose from the list.")
        return None
    return int(text)


def _one_of(
    query: Mapping[str, str], name: str, known: Mapping[str, object], errors: Errors
) -> str | None:
    text = query.get(name, "")
    if text and text not in known:
        errors[name] = lazy_gettext("Choose from the list.")
        return None
    return text or None


def place_of(event: db.Row) -> str:
    """The cursor that begins after an event."""
    return cursor(f"{event['at'].isoformat()} {event['id']}")


def read_place(query: Mapping[str, str]) -> Place | None:
    """The event that a page begins after; BadRequest for what this site did not write."""
    text = read_cursor(query, str)
    if text is None:
        return None
    at, _, number = text.partition(" ")
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or not (number.isascii() and number.isdecimal()):
            raise ValueError("no moment")
        if len(number) > 18:
            raise ValueError("no number")
    except ValueError as problem:
        raise BadRequest(str(DAMAGED)) from problem
    return moment, int(number)
