"""The report as a file: CSV for spreadsheets, JSON for programs, from the rows of the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask import Response

from portal.identity.login import Viewer
from portal.reports.figures import MEASURES, Figures
from portal.reports.filters import HEADINGS, Filters
from portal.reports.report import Line, Report
from portal.web.formats import KYIV
from portal.web.i18n import gettext
from portal.web.spreadsheets import attached, csv_text, number, safe_text

NAME = "stakes-and-winnings"


def as_csv(report: Report, author: Viewer) -> Response:
    """Header, rows, nothing else: what the file shows, of when and for whom, stands in its name.

    Numbers are numbers in the language's own notation; dates are ISO dates, which every
    spreadsheet reads; totals are left to the reader.
    """
    digits = report.filters.currency.digits
    rows = ([*_keys(line), *_cells(line.figures, digits)] for line in report.lines)
    response = Response(csv_text([_header(report.filters), *rows]), mimetype="text/csv")
    return attached(response, filename(report, "csv"), author.display_name)


def filename(report: Report, kind: str) -> str:
    """Report, period, grouping, filters and the moment of the figures (UTC), in letters that every
    system can store.
    """
    filters = report.filters
    parts = [NAME, filters.period.first.isoformat(), filters.period.last.isoformat()]
    parts.append(f"by-{filters.by.replace('_', '-')}")
    if filters.operator:
        parts.append(filters.operator.code)
    if filters.gambling_type:
        parts.append(filters.gambling_type.code)
    parts.append(filters.currency.code)
    parts.append(f"as-of-{report.as_of.astimezone(UTC):%Y-%m-%dT%H%M%SZ}")
    return "_".join(parts) + f".{kind}"


def _header(filters: Filters) -> list[str]:
    kind = str(HEADINGS[filters.by])
    if filters.by == "day":
        first = [gettext("Day")]
    elif filters.by == "hour":
        first = [gettext("Hour (Kyiv)"), gettext("Hour (UTC)")]
    elif filters.by in ("licence", "channel"):
        first = [gettext("Code"), kind, gettext("Operator")]
    else:
        first = [gettext("Code"), kind]
    units = {"money": f", {filters.currency.code}", "percent": ", %", "count": ""}
    columns = [f"{measure.label}{units[measure.unit]}" for measure in MEASURES.values()]
    return [*first, *columns]


def _keys(line: Line) -> list[str]:
    if isinstance(line.start, datetime):
        return [f"{line.start.astimezone(KYIV):%Y-%m-%d %H:%M}", line.key]
    if line.start is not None:
        return [line.key]
    own = [safe_text(line.code or line.label), safe_text(line.label)]
    return [*own, safe_text(line.owner.name)] if line.owner else own


def _cells(figures: Figures, digits: int) -> Iterator[str]:
    for measure in MEASURES.values():
        value = measure.value(figures)
        if value is None:
            yield ""
        elif measure.unit == "money":
            yield number(Decimal(value).scaleb(-digits))
        else:
            yield number(value)


def as_json(report: Report, author: Viewer) -> Response:
    """Who took it, filters, moment, rows and totals; amounts as decimal strings, exact."""
    filters = report.filters
    document = {
        "report": NAME,
        "author": {
            "name": author.display_name,
            "role": author.role,
            "organisation": author.organisation_name,
        },
        "filters": {
            "from": filters.period.first.isoformat(),
            "to": filters.period.last.isoformat(),
            "by": filters.by,
            "operator": filters.operator.id if filters.operator else None,
            "type": filters.gambling_type.code if filters.gambling_type else None,
            "currency": filters.currency.code,
        },
        "as_of": f"{report.as_of.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        "rows": [
            {
                "key": line.key,
                "label": line.label,
                "code": line.code or None,
                "operator": line.owner.code if line.owner else None,
                **_exact(line.figures, filters.currency.digits),
            }
            for line in report.lines
        ],
        "totals": _exact(report.total, filters.currency.digits),
    }
    response = Response(json.dumps(document, ensure_ascii=False), mimetype="application/json")
    return attached(response, filename(report, "json"), author.display_name)


def _exact(figures: Figures, digits: int) -> dict[str, Any]:
    def money(minor: int | None) -> str | None:
        return None if minor is None else f"{Decimal(minor).scaleb(-digits):f}"

    def ratio(value: Decimal | None) -> str | None:
        return None if value is None else f"{value:f}"

    return {
        "bet_count": figures.bet_count,
        "stake": money(figures.stake),
        "refund_count": figures.refund_count,
        "refund": money(figures.refund),
        "net_stake": money(figures.net_stake),
        "win_count": figures.win_count,
        "win": money(figures.win),
        "ggr": money(figures.ggr),
        "rtp_percent": ratio(figures.rtp_percent),
        "hold_percent": ratio(figures.hold_percent),
        "average_stake": money(figures.average_stake),
    }
