"""What must be known beside a report's figures: page, files, API, mail and terminal tell the same.

R11: that rates are in use which no two officials have confirmed. R07: up to when accounts are
counted, and up to which closed day their spread is. As of a past moment: what is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal import db
from portal.reports import gateway
from portal.reports.asking import Asked
from portal.reports.catalogue import Measure
from portal.web import formats
from portal.web.i18n import LazyString, gettext, lazy_gettext

RATES = "registry.tax_rate"  # in the source of a figure that is of a tax
UNVERIFIED = "unverified_rates"
# What is not made of what had arrived by a moment, by ``report.measure.past``.
PAST: dict[str, LazyString] = {
    "closed": lazy_gettext(
        "Told of days that had closed by this moment, and left out where they were changed or"
        " counted again since: %(names)s."
    ),
    "ended": lazy_gettext(
        "Told of a period that had ended by this moment, and left out of any other: %(names)s."
    ),
    "now": lazy_gettext("As registered now, not at this moment: %(names)s."),
}


@dataclass(frozen=True)
class Remark:
    """``code`` for programs, what it is about, what it says, and whether it warns."""

    code: str
    name: str
    words: str
    warns: bool = False


def read(conn: db.Connection, asked: Asked, totals: Sequence[Mapping[str, Any]]) -> list[Remark]:
    """What is to be said of a report with this total, and with that of another period beside it."""
    found = []
    if any(one.get("unverified_rate_count") for one in totals):
        words = gettext(
            "not verified: taxes are estimated by rates that no two officials confirmed"
        )
        found.append(Remark(UNVERIFIED, gettext("Tax rates"), words, warns=True))
    # Licences and past moments have no accounts of their own, see api.report_r07.
    if asked.report.code == "R07" and asked.as_of is None and not asked.licences:
        found.append(_accounts(conn, asked))
    return found + _past(asked)


def doubtful(said: Sequence[Remark], measure: Measure) -> bool:
    """Whether a figure is one that a remark warns of."""
    return RATES in measure.source and any(one.code == UNVERIFIED for one in said)


def _past(asked: Asked) -> list[Remark]:
    """Of a past moment, what is left out and what is not of that moment, a line for each reason."""
    if asked.as_of is None:
        return []
    found = []
    for reason, words in PAST.items():
        names = [one.name for one in asked.report.measures.values() if one.past == reason]
        if names:
            line = str(words) % {"names": ", ".join(names)}
            found.append(Remark(f"past_{reason}", gettext("As of"), line))
    return found


def _accounts(conn: db.Connection, asked: Asked) -> Remark:
    counted, closed = gateway.accounts_until(conn, asked.period.first, asked.period.last)
    words = gettext("not counted yet")
    if counted:
        words = gettext("counted up to %(moment)s", moment=formats.date_time(counted, True))
    if closed:
        spread = gettext("spread of play: days closed up to %(day)s", day=formats.date_only(closed))
    else:
        spread = gettext("spread of play: no day of the period is closed")
    words = f"{words}; {spread}"
    return Remark("accounts", gettext("Accounts"), words)
