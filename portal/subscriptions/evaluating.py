"""Evaluates a subscription as its recipient: the page's name now, its few figures, its link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, g
from werkzeug.datastructures import MultiDict

from portal import db
from portal.errors import NotFound
from portal.identity.login import Viewer
from portal.saved.targets import address, kept, open_to, target
from portal.subscriptions.heads import head
from portal.subscriptions.schedule import dated, period_of
from portal.web import formats
from portal.web.formats import KYIV
from portal.web.i18n import LANGUAGES, gettext, speaking


@dataclass(frozen=True)
class Evaluated:
    """``lines`` are what is told besides the link; ``parameters`` are the page's, without relative
    periods; ``link`` is its path and query.
    """

    title: str
    lines: list[tuple[str, str]]
    target: str
    parameters: dict[str, Any]
    link: str


def evaluate(app: Flask, asked: db.Row) -> Evaluated:
    """The page of a row of ``api.claim_subscription``, as its person sees it now.

    Raises PermissionError where the page is not open to the role any more, NotFound where what it
    is about is not there, NotExportable where its filters make no sense, QueryCanceled.
    """
    language = asked["language"] if asked["language"] in LANGUAGES else "uk"
    viewer = viewer_of(asked)
    day = asked["due_at"].astimezone(KYIV).date()
    query = dated(asked["parameters"]["query"], day)
    pairs = [(name, one) for name, values in query.items() for one in values]
    with app.test_request_context("/", query_string=MultiDict(pairs)), speaking(language):
        g.viewer = viewer
        own = target(asked["target"])
        if own is None or not open_to(own, viewer.role):
            raise PermissionError(asked["target"])
        with viewer.reading(snapshot=True) as conn:
            path, found = kept(own, conn, asked["parameters"]["path"], pairs)
            title = str(own.label(conn, path))
            lines = head(conn, viewer, own.endpoint, path, MultiDict(found))
        link = address(own, path, found)
        if link is None:
            raise NotFound
        period = period_of(found, day)
        if period is not None:
            days = formats.date_only(period.first)
            if period.days > 1:
                days = f"{days} – {formats.date_only(period.last)}"
            lines = [(gettext("Period"), days), *lines]
        return Evaluated(title, lines, own.endpoint, {"path": path, "query": found}, link)


def viewer_of(asked: db.Row) -> Viewer:
    """Whose subscription it is."""
    return Viewer(
        asked["person_id"],
        asked["role"],
        asked["operator_id"],
        asked["name_uk"],
        asked["name_en"],
        asked["organisation_uk"],
        asked["organisation_en"],
    )
