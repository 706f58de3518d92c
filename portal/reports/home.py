"""The start page: what waits for the person, and today so far."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal import db
from portal.registry.names import Names
from portal.reports import answering, catalogue, chart, gateway
from portal.reports.answering import Answer
from portal.reports.asking import Reader
from portal.reports.gateway import Arrivals
from portal.web.charts import Chart
from portal.web.i18n import gettext

QUERY = MultiDict({"period": "today", "by": "hour"})


@dataclass(frozen=True)
class Today:
    """What arrived and what was staked since midnight in Kyiv."""

    arrivals: Arrivals
    answer: Answer
    chart: Chart | None


def read(conn: db.Connection, names: Names) -> Today:
    """Read today's figures within the reader's rights."""
    (definition,) = catalogue.read(conn, "R03")
    asked = Reader(conn, names, definition, QUERY).read().asked
    answer = answering.read(conn, asked, names)
    arrived = gateway.arrivals(conn, asked.period.start)
    return Today(arrived, answer, chart.over_time(answer))


def ways(role: str) -> list[tuple[str, str, str, str]]:
    """What one can do from here: icon, address, name, one sentence."""
    own = role == "operator"
    return [
        (
            "chart",
            url_for("reports.report", code="R03", by="day" if own else "operator"),
            gettext("Bets and payouts"),
            gettext("Your own figures of the last 7 days, as officials see them.")
            if own
            else gettext("The operators of the last 7 days, compared."),
        ),
        (
            "batches",
            url_for("ledger.batches"),
            gettext("What we received from you") if own else gettext("Accepted batches"),
            gettext("Every batch with its receipt and its transactions."),
        ),
        (
            "refused",
            url_for("ledger.refusals"),
            gettext("Refusals"),
            gettext("What was not accepted, why, and what to do."),
        ),
        (
            "rows",
            url_for("ledger.transactions"),
            gettext("Transactions"),
            gettext("Single records between two moments."),
        ),
    ]
