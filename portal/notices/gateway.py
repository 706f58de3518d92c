"""Notices, their ways and addresses: one function for each of ``api``."""

from __future__ import annotations

from portal import db


def kinds(conn: db.Connection) -> dict[str, db.Row]:
    """All kinds, in their order."""
    rows = conn.execute("select * from api.notice_kind order by position, kind")
    return {row["kind"]: row for row in rows}


def unread(conn: db.Connection, limit: int) -> list[db.Row]:
    """The caller's newest notices that were not read, with how many there are (at most 100)."""
    return conn.execute(
        "select n.*, c.number from (select count(*) as number from (select from api.notice"
        " where in_bell and read_at is null limit 100) as u) as c"
        " join lateral (select * from api.notice where in_bell and read_at is null"
        " order by id desc limit %s) as n on true order by n.id desc",
        (limit,),
    ).fetchall()


def notices(
    conn: db.Connection, before: int | None, limit: int, kind: str, only_unread: bool
) -> list[db.Row]:
    """The caller's notices, the newest first; ``kind`` '' is any."""
    return conn.execute(
        "select * from api.notice where in_bell and (%(before)s::bigint is null or id < %(before)s)"
        " and (%(kind)s::text = '' or kind = %(kind)s)"
        " and (not %(unread)s or read_at is null) order by id desc limit %(limit)s",
        {"before": before, "limit": limit, "kind": kind, "unread": only_unread},
    ).fetchall()


def notice(conn: db.Connection, notice_id: int) -> db.Row | None:
    """One of the caller's; None where there is none, as for another's."""
    return conn.execute("select * from api.notice where id = %s", (notice_id,)).fetchone()


def read_notice(conn: db.Connection, notice_id: int, read: bool) -> bool:
    """Mark one as read, or as not read; False where the caller has none such."""
    return bool(db.call_value(conn, "api.read_notice", notice_id, read))


def read_notices(conn: db.Connection, until: int) -> int:
    """Mark all up to this one as read; how many."""
    number: int = db.call_value(conn, "api.read_notices", until)
    return number


def settings(conn: db.Connection) -> dict[str, db.Row]:
    """The ways that the caller chose, by kind."""
    rows = conn.execute("select * from api.notice_setting")
    return {row["kind"]: row for row in rows}


def set_notice(conn: db.Connection, kind: str, in_bell: bool, by_mail: str) -> bool:
    """Choose the ways of a kind; False where the caller's role is told nothing of it."""
    return bool(db.call_value(conn, "api.set_notice", kind, in_bell, by_mail))


def contact(conn: db.Connection) -> db.Row | None:
    """Where the caller's mail goes."""
    return conn.execute("select * from api.contact").fetchone()


def set_contact(conn: db.Connection, email: str, language: str, digest_hour: int) -> bool:
    """Take the caller's address, '' for none; True while it is not confirmed."""
    return bool(db.call_value(conn, "api.set_contact", email, language, digest_hour))


def confirm_contact(conn: db.Connection, person_id: int, email: str) -> bool:
    """As the portal itself, for a signed link; False where the address is not theirs any more."""
    return bool(db.call_value(conn, "api.confirm_contact", person_id, email))


def stop_mail(conn: db.Connection, person_id: int) -> bool:
    """As the portal itself, for a signed link: mail a person no notices."""
    return bool(db.call_value(conn, "api.stop_mail", person_id))


def take_notices_to_mail(conn: db.Connection) -> list[db.Row]:
    """As the portal itself: what one person is to be mailed now, by role; [] where nobody is."""
    return db.call(conn, "api.take_notices_to_mail")
