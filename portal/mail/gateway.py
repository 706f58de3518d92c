"""The queue of mail: one function for each of ``api``."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from portal import db

LONGEST_SUBJECT = 200


def queue_mail(
    conn: db.Connection,
    person_id: int,
    kind: str,
    recipient: str,
    *,
    subject: str,
    body: str,
    stop_address: str | None = None,
) -> UUID:
    """Queue a mail in the caller's transaction; its number.

    SQLSTATE DZX07: a person was asked for confirmation five times within an hour.
    """
    queued: UUID = db.call_value(
        conn, "api.queue_mail", person_id, kind, recipient, one_line(subject), body, stop_address
    )
    return queued


def one_line(text: str) -> str:
    """A subject: whatever a name holds, one line without control characters."""
    visible = "".join(char if char.isprintable() else " " for char in text)
    short = " ".join(visible.split())
    return short if len(short) <= LONGEST_SUBJECT else f"{short[: LONGEST_SUBJECT - 1]}…"


def claim_mail(conn: db.Connection, stale_seconds: int) -> db.Row | None:
    """The mail that is to be sent next; as the portal itself."""
    found = db.call(conn, "api.claim_mail", stale_seconds)
    return found[0] if found else None


def end_mail(
    conn: db.Connection, mail_id: UUID, attempt: int, outcome: str, reply_code: int | None
) -> str | None:
    """Note what the server said; the mail's state now, None where another sender has it."""
    state: str | None = db.call_value(conn, "api.end_mail", mail_id, attempt, outcome, reply_code)
    return state


def mail_figures(conn: db.Connection) -> tuple[int, datetime | None, int, datetime | None]:
    """Of 7 days: how many wait, since when the oldest, how many were lost, when the last went."""
    row = db.call(conn, "api.mail_figures")[0]
    return row["waiting"], row["oldest_at"], row["given_up"], row["last_sent_at"]
