"""What a subscription to a report tells besides the link: the figures that its page leads with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from portal import db
from portal.errors import NotFound
from portal.exports import NotExportable
from portal.exports.sources import Query
from portal.identity.login import Viewer
from portal.registry.names import read_names
from portal.reports import answering, catalogue, pages, stopping
from portal.reports.asking import Reader
from portal.subscriptions import Head
from portal.web import formats
from portal.web.i18n import gettext

MOST = 5


def read(
    conn: db.Connection, _viewer: Viewer, path: Mapping[str, Any], query: Query
) -> list[tuple[str, str]]:
    """The leading figures of the report's total. Raises NotExportable, NotFound, TooSlow."""
    found = catalogue.read(conn, str(path.get("code", "")))
    if not found:
        raise NotFound
    names = read_names(conn)
    reading = Reader(conn, names, found[0], query).read()
    if reading.errors:
        raise NotExportable(reading.errors)
    with stopping.when_left(conn, request.environ):
        answer = answering.read(conn, reading.asked, names)
    currency = answer.asked.currency
    lines = [
        (
            one.name,
            formats.money(answer.total[one.code], currency.code, currency.digits)  # type: ignore[arg-type]
            if one.kind == "money"
            else pages.text_of(one, answer.total[one.code], currency.digits),
        )
        for one in pages.headline(answer)[:MOST]
    ]
    state = gettext("provisional") if answer.state.provisional else gettext("closed")
    return [
        *lines,
        (gettext("State"), state),
        *((one.name, one.words) for one in answer.remarks),
        (gettext("As of"), formats.date_time(answer.as_of)),
    ]


HEAD = Head("reports.report", read)
