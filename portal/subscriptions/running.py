"""Delivers what is due: one subscription after the other, in a process beside the workers."""

from __future__ import annotations

from uuid import UUID

import psycopg
import structlog
from flask import Flask, render_template, url_for

from portal import db, mail
from portal.errors import DatabaseUnavailable, NotFound
from portal.exports.sources import NotExportable
from portal.looking import Looking
from portal.mail.gateway import queue_mail
from portal.notices.tokens import signed
from portal.subscriptions import gateway
from portal.subscriptions.evaluating import Evaluated, evaluate
from portal.web.i18n import speaking

# A runner that was silent for so long is dead: longer than any page takes.
STALE_SECONDS = 180
# What went wrong -> what the log says, the first that fits.
OUTCOMES: dict[type[Exception], str] = {
    psycopg.errors.QueryCanceled: "too_slow",
    PermissionError: "no_rights",
    NotFound: "not_there",
    NotExportable: "not_there",
}

log = structlog.get_logger(__name__)


class Deliverer(Looking):
    """Takes subscriptions that are due until it is told to stop."""

    LOOK_SECONDS = 2.0

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self._app = app

    def one(self) -> bool:
        """Deliver what is due longest; False where nothing is."""
        with db.portal() as conn:
            asked = gateway.claim_subscription(conn, STALE_SECONDS)
        if asked is None:
            return False
        found: Evaluated | None = None
        outcome = "delivered"
        try:
            found = evaluate(self._app, asked)
        except DatabaseUnavailable:
            raise  # nothing of this one's: it comes when the database is back
        except Exception as problem:
            outcome = next(
                (word for kind, word in OUTCOMES.items() if isinstance(problem, kind)), "failed"
            )
            log.warning(
                "delivery", subscription=asked["id"], outcome=outcome, error=type(problem).__name__
            )
        with db.portal() as conn:
            if found is None:
                gateway.end_delivery(conn, asked["id"], asked["attempt"], outcome)
            else:
                self._deliver(conn, asked, found)
        return True

    def _deliver(self, conn: db.Connection, asked: db.Row, found: Evaluated) -> None:
        queued = self._queued(conn, asked, found)
        logged = gateway.end_delivery(
            conn,
            asked["id"],
            asked["attempt"],
            "delivered",
            facts={"name": asked["name"], "lines": found.lines},
            target=found.target,
            parameters=found.parameters,
            mail=queued,
        )
        if logged is None and queued is not None:
            raise psycopg.Rollback  # paused or stopped meanwhile: no mail either

    def _queued(self, conn: db.Connection, asked: db.Row, found: Evaluated) -> UUID | None:
        """The mail with link and figures, where it is wanted and can be sent; same transaction."""
        if not (asked["by_mail"] and asked["email"] and mail.configured()):
            return None
        base = mail.public_url()
        with self._app.test_request_context("/", base_url=base), speaking(asked["language"]):
            stop = url_for(
                "subscriptions.unsubscribe",
                token=signed("subscription", asked["id"]),
                _external=True,
            )
            body = render_template(
                "subscriptions/mail.txt",
                name=asked["name"],
                title=found.title,
                lines=found.lines,
                address=base + found.link,
                stop=stop,
            )
        return queue_mail(
            conn,
            asked["person_id"],
            "subscription",
            asked["email"],
            subject=asked["name"],
            body=body,
            stop_address=stop,
        )
