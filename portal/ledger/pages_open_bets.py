"""Bets without a result as a month began, record by record: what is behind lines of the bridge
between cash GGR and settlement GGR.
"""

from __future__ import annotations

from datetime import date

from flask import abort, request
from flask.typing import ResponseReturnValue

from portal import audit
from portal.identity.login import audience, current_viewer
from portal.ledger import gateway, words
from portal.ledger.pages import READERS, blueprint, objects_of
from portal.ledger.pages_filters import read_before_id, read_operator
from portal.registry.names import read_names
from portal.web.i18n import LazyString, lazy_gettext
from portal.web.paging import listing
from portal.web.periods import month_end
from portal.web.rendering import render

ROWS = 100
# What a list tells -> its title. Bets without any result have none: nearly all are bets lost.
TOLD: dict[str, LazyString] = {
    "proven": lazy_gettext("Bets that are proven to have been open"),
    "voided": lazy_gettext("Refunds and cancellations of bets that were open"),
    "won": lazy_gettext("Winnings of bets that were open"),
}


@blueprint.get("/open-bets")
@audience(*READERS)
def open_bets() -> ResponseReturnValue:
    """One line of the bridge: of an operator, the beginning of a month and a kind of gambling."""
    viewer = current_viewer()
    before = read_before_id(request.args)
    told = request.args.get("told", "")
    month = _month(request.args.get("month", ""))
    if told not in TOLD or month is None:
        abort(404)
    with viewer.reading() as conn:
        names = read_names(conn)
        operator = read_operator(request.args, names, {})
        kind = names.gambling_type(request.args.get("type", ""))
        currency = names.currency(request.args.get("currency", ""))
        if operator is None or kind is None or currency is None:
            abort(404)  # another's operator is like one that is not there
        measured = gateway.open_bets(conn, operator.id, month, kind.id, currency.id)
        rows = gateway.open_bet_rows(
            conn,
            operator.id,
            month,
            kind.id,
            currency=currency.id,
            told=told,
            before=before,
            limit=ROWS + 1,
        )
        audit.viewed(
            conn,
            "transactions",
            facts={"month": f"{month:%Y-%m}", "told": told, "rows": min(len(rows), ROWS)},
            concerns=[operator.id],
        )
        objects = objects_of(conn, rows)
    of = _month(request.args.get("of", "")) or month
    return render(
        "ledger/open_bets.html",
        heading=TOLD[told],
        month=month,
        kind=kind,
        operator=operator,
        currency=currency,
        names=names,
        objects=objects,
        words=words,
        listing=listing(rows, ROWS, "id", before is not None),
        measured=measured,
        number=measured[f"{told}_count"] if measured else 0,
        minor=measured[f"{told}_minor"] if measured else 0,
        bridged={"from": of.isoformat(), "to": month_end(of).isoformat()},
    )


def _month(text: str) -> date | None:
    """The first day of a month written as 2026-10."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if 2000 <= found.year < 2200 else None
