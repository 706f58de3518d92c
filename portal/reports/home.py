"""The start page: what waits for the person, and today so far."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal import db
from portal.registry.names import Names
from portal.reports import chart, filters, gateway, report
from portal.reports.gateway import Arrivals
from portal.reports.report import Report
from portal.web.charts import Chart
from portal.web.i18n import gettext

QUERY = MultiDict({"period": "today", "by": "hour"})


@dataclass(frozen=True)
class Today:
    """What arrived and what was staked since midnight in Kyiv."""

    arrivals: Arrivals
    report: Report
    chart: Chart | None


def read(conn: db.Connection, names: Names) -> Today:
    """Read today's figures within the reader's rights."""
    chosen = filters.read(QUERY, names).filters
    found = report.read(conn, chosen, names)
    arrived = gateway.arrivals(conn, chosen.period.start)
    return Today(arrived, found, chart.over_time(found) if found.lines else None)


def ways(role: str) -> list[tuple[str, str, str, str]]:
    """What one can do from here: icon, address, name, one sentence."""
    own = role == "operator"
    return [
        (
            "chart",
            url_for("reports.stakes_and_winnings", by="day" if own else "operator"),
            gettext("Stakes and winnings"),
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
