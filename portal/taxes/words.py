"""What taxes, bases and rules are called, and how a rate is written."""

from __future__ import annotations

from decimal import Decimal

from portal import db
from portal.web.formats import percent
from portal.web.i18n import LazyString, gettext, language, lazy_gettext

PPM = 1_000_000
PPM_IN_PERCENT = 10_000
KINDS: dict[str, LazyString] = {
    "ggr_tax": lazy_gettext("Tax on income (GGR)"),
    "profit_tax": lazy_gettext("Corporate income tax"),
    "pit": lazy_gettext("Personal income tax on winnings"),
    "military_levy": lazy_gettext("Military levy on winnings"),
}
# Taxes whose payments are recorded: each is estimated, too.
PAID: dict[str, LazyString] = {name: KINDS[name] for name in ("ggr_tax", "pit", "military_levy")}
BASES: dict[str, LazyString] = {
    "ggr": lazy_gettext("GGR: stakes less refunds and winnings"),
    "win": lazy_gettext("winnings"),
    "withdrawal": lazy_gettext("withdrawals"),
    "win_or_withdrawal": lazy_gettext("winnings or withdrawals: disputed, both are shown"),
    "profit": lazy_gettext("profit, which Dozir does not know"),
}
LOSS_RULES: dict[str, LazyString] = {
    "floor": lazy_gettext("no less than 0 in each month"),
    "carry_year": lazy_gettext("a loss lessens the months that follow in the year"),
    "none": lazy_gettext("as it is"),
}
ACTIONS: dict[str, LazyString] = {
    "set": lazy_gettext("this rate holds"),
    "end": lazy_gettext("no rate holds"),
}
STATES: dict[str, tuple[LazyString, str]] = {
    "proposed": (lazy_gettext("waits for another official"), "info"),
    "confirmed": (lazy_gettext("confirmed"), "ok"),
    "refused": (lazy_gettext("refused"), "bad"),
    "withdrawn": (lazy_gettext("withdrawn"), "quiet"),
}


def class_names(rows: list[db.Row]) -> dict[str, str]:
    """Classes by code, in the language of the request."""
    return {row["code"]: row[f"name_{language()}"] for row in rows}


def rate_text(ppm: int | None) -> str:
    """A rate in per cent, with as many digits as it has: 15000 is ``1,5%``."""
    if ppm is None:
        return gettext("none")
    places = max(0, -Decimal(ppm).scaleb(-4).normalize().as_tuple().exponent)  # type: ignore[operator]
    return percent(Decimal(ppm) / PPM, places)
