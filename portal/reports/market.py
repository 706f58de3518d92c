"""What an operator is told of the market beside R08: whole months that have ended, by kind.

The same on the page, in files, in the API and on the terminal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal import db
from portal.registry.names import Currency, Named, Names
from portal.reports import gateway
from portal.reports.asking import Asked
from portal.web import formats
from portal.web.i18n import gettext

CODE = "R08"
ROLE = "operator"


@dataclass(frozen=True)
class Month:
    """A kind of gambling in a month, of at least three operators; amounts in minor units."""

    month: date
    kind: Named
    operator_count: int
    net_stake_minor: int
    ggr_minor: int

    @property
    def text(self) -> str:
        """The month as people write it."""
        return f"{self.month:%m.%Y}"


def read(conn: db.Connection, asked: Asked, names: Names, role: str) -> list[Month] | None:
    """The market in the period asked for; None where the report or the reader has no such part."""
    if asked.report.code != CODE or role != ROLE:
        return None
    period = asked.period
    found = gateway.market_months(conn, period.first, period.last, asked.currency.id)
    return [
        Month(
            one.month,
            names.gambling_types[one.gambling_type_id],
            one.operator_count,
            one.net_stake_minor,
            one.ggr_minor,
        )
        for one in found
    ]


def facts(months: Sequence[Month], currency: Currency) -> list[tuple[str, str]]:
    """As lines of a file's cover, which its hash covers, one for each row of the page's table."""
    name = gettext("The market as a whole")
    if not months:
        return [(name, gettext("No month of three operators or more lies in this period."))]
    return [
        (
            gettext("%(name)s: %(month)s, %(kind)s", name=name, month=one.text, kind=one.kind.name),
            gettext(
                "operators: %(operators)s; net stakes: %(stakes)s; GGR: %(ggr)s",
                operators=formats.count(one.operator_count),
                stakes=formats.money(one.net_stake_minor, currency.code, currency.digits),
                ggr=formats.money(one.ggr_minor, currency.code, currency.digits),
            ),
        )
        for one in months
    ]
