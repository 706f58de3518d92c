"""Mail of notices: those that go at once, and the digest of a day. Queued with being taken, in one
transaction: each notice is in one mail.
"""

from __future__ import annotations

from uuid import UUID

import structlog
from flask import Flask, render_template, url_for

from portal import db, mail
from portal.looking import Looking
from portal.mail.gateway import queue_mail
from portal.notices import gateway, words
from portal.notices.tokens import signed
from portal.web.i18n import gettext, ngettext, speaking
from portal.web.navigation import ROLE_LABELS

MOST_LINES = 100  # of a digest; the rest is counted

log = structlog.get_logger(__name__)


class Mailer(Looking):
    """Queues mail of notices until it is told to stop."""

    LOOK_SECONDS = 5.0

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self._app = app

    def one(self) -> list[UUID]:
        """Queue what one person is to be told now: a mail for each role; [] where nobody is."""
        with self._app.test_request_context("/", base_url=mail.public_url()), db.portal() as conn:
            taken = gateway.take_notices_to_mail(conn)
            kinds = gateway.kinds(conn) if taken else {}
            return [_queued(conn, one, kinds) for one in taken]


def _queued(conn: db.Connection, taken: db.Row, kinds: dict[str, db.Row]) -> UUID:
    with speaking(taken["language"]):
        told = [
            (words.told(row, kinds).text, words.address(row, external=True))
            for row in taken["notices"][:MOST_LINES]
        ]
        number = len(taken["notices"])
        single = number == 1 and not taken["digest"]
        subject = (
            told[0][0]
            if single
            else ngettext("%(num)s notice of Dozir", "%(num)s notices of Dozir", number)
        )
        stop = url_for("notices.stop", token=signed("mail", taken["person_id"]), _external=True)
        body = render_template(
            "notices/mail.txt",
            told=told,
            more=number - len(told),
            role=ROLE_LABELS[taken["role"]],
            settings_address=url_for("notices.settings", _external=True),
            stop=stop,
        )
        kind = "notice" if single else "digest"
        return queue_mail(
            conn,
            taken["person_id"],
            kind,
            taken["email"],
            subject=subject,
            body=body,
            stop_address=stop,
        )


def ask_to_confirm(conn: db.Connection, person_id: int, email: str) -> UUID:
    """Queue the question whether an address is its person's, in the language of the request."""
    address = mail.public_url() + url_for(
        "notices.confirm", token=signed("confirm", person_id, email)
    )
    body = render_template("notices/confirm.txt", address=address)
    return queue_mail(
        conn,
        person_id,
        "confirm",
        email,
        subject=gettext("Dozir: confirm your address"),
        body=body,
    )
