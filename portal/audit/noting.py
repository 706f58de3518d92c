"""What pages note in the trail: what they show, and refusals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import psycopg
from psycopg.types.json import Jsonb

from portal import db
from portal.identity.login import current_viewer, session_digest

NO_REASON = "DZA03"


class ReasonWanted(Exception):
    """An official is to state why, before they are shown transactions."""


def viewed(
    conn: db.Connection,
    what: str,
    number: str | None = None,
    *,
    facts: Mapping[str, object] | None = None,
    concerns: Iterable[int] = (),
) -> None:
    """Note that the reader is shown transactions, in the transaction that reads them.

    ``what`` is ``transactions`` (a list), ``batch`` (its rows) or ``transaction``; ``number`` which
    one; ``concerns`` the operators whose they are. Raises ReasonWanted where an official has stated
    none within the hour: let through, it leads them to the form.
    """
    operator = current_viewer().role == "operator"
    try:
        db.call(
            conn,
            "api.note_view",
            None if operator else session_digest(),
            what,
            number,
            Jsonb(dict(facts or {})),
            sorted(set(concerns)),
        )
    except psycopg.Error as problem:
        if problem.sqlstate == NO_REASON:
            raise ReasonWanted from problem
        raise


def note(
    conn: db.Connection,
    kind: str,
    what: str | None = None,
    number: str | None = None,
    facts: Mapping[str, object] | None = None,
) -> bool:
    """Note a refusal; whether on its own, or only counted since there were so many this minute.

    ``conn`` acts as a person, or is ``db.portal(noted=True)`` where nobody has entered. SQLSTATE
    DZA02 for a kind that pages do not note.
    """
    return bool(db.call_value(conn, "api.note", kind, what, number, Jsonb(dict(facts or {}))))
