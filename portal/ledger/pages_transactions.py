"""Transactions of a period across batches: the last step below a figure."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from portal import db
from portal.identity.login import audience, current_viewer
from portal.ledger import gateway, words
from portal.ledger.pages import READERS, blueprint, objects_of, summary
from portal.ledger.pages_filters import (
    TransactionFilters,
    read_before_id,
    read_transaction_filters,
)
from portal.registry.names import read_names
from portal.web.i18n import gettext
from portal.web.paging import listing
from portal.web.rendering import render
from portal.web.urls import here

TRANSACTIONS = 100


@blueprint.get("/transactions")
@audience(*READERS)
def transactions() -> ResponseReturnValue:
    """Transactions between two moments, newest first."""
    viewer = current_viewer()
    before = read_before_id(request.args)
    with viewer.reading() as conn:
        names = read_names(conn)
        filters = read_transaction_filters(request.args, names)
        rows = []
        if not filters.errors:
            rows = gateway.transactions(
                conn,
                occurred_from=filters.start,
                occurred_until=filters.until,
                operators=[filters.operator.id] if filters.operator else None,
                gambling_types=[filters.gambling_type.id] if filters.gambling_type else None,
                types=filters.types or None,
                currency=filters.currency.id if filters.currency else None,
                before=before,
                limit=TRANSACTIONS + 1,
                breach=words.BREACH_MASKS.get(filters.breach),
            )
        objects = objects_of(conn, rows)
        number = _marked(conn, filters)
    return render(
        "ledger/transactions.html",
        "list",
        status=422 if filters.errors else 200,
        filters=filters,
        summary=summary(filters.errors),
        names=names,
        listing=listing(rows, TRANSACTIONS, "id", before is not None),
        objects=objects,
        words=words,
        number=number,
        chips=_chips(filters),
    )


def _marked(conn: db.Connection, filters: TransactionFilters) -> int | None:
    """How many records bear the mark asked for; None where no aggregate counts them so."""
    mask = words.BREACH_MASKS.get(filters.breach, 0)
    whole_hours = all(
        moment.minute == moment.second == moment.microsecond == 0
        for moment in (filters.start, filters.until)
    )
    narrower = filters.types or filters.gambling_type or filters.errors
    if not mask & 7 or not filters.currency or not whole_hours or narrower:
        return None
    whose = filters.operator.id if filters.operator else None
    return gateway.marked(
        conn,
        start=filters.start,
        until=filters.until,
        operator_id=whose,
        currency=filters.currency.id,
        mask=mask,
    )


def _chips(filters: TransactionFilters) -> list[tuple[str, str, str]]:
    """What narrows the list, each with the address without it."""
    chips = []
    if filters.operator:
        chips.append((gettext("Operator"), filters.operator.name, here(operator=None)))
    if filters.gambling_type:
        name = filters.gambling_type.name
        chips.append((gettext("Kind of gambling"), name, here(gambling=None)))
    if filters.types:
        named = ", ".join(str(words.TYPES[one]) for one in filters.types)
        chips.append((gettext("Type"), named, here(type=None)))
    if filters.breach:
        mark = str(words.BREACHES[words.BREACH_MASKS[filters.breach]])
        chips.append((gettext("Mark"), mark, here(breach=None)))
    if filters.currency:
        chips.append((gettext("Currency"), filters.currency.code, here(currency=None)))
    return chips
