"""Transactions of a period across batches: the last step below a figure."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue

from portal import audit, db
from portal.identity.login import audience, current_viewer
from portal.ledger import gateway, words
from portal.ledger.pages import READERS, blueprint, objects_of, summary
from portal.ledger.pages_filters import (
    ONE_HOUR,
    THINGS,
    TransactionFilters,
    read_before_id,
    read_transaction_filters,
)
from portal.registry import choices
from portal.registry.names import Currency, Names, read_names
from portal.web.formats import money
from portal.web.i18n import gettext, lazy_gettext
from portal.web.paging import listing
from portal.web.rendering import render
from portal.web.urls import here

TRANSACTIONS = 100
HRYVNIA = 980  # ISO 4217
CASH_FLOW = "financial_monitoring"  # which is given deposits and withdrawals, and rows alone
LABELS = {
    "licence": (lazy_gettext("Licence"), lazy_gettext("All licences")),
    "channel": (lazy_gettext("Place"), lazy_gettext("All places")),
    "game": (lazy_gettext("Game"), lazy_gettext("All games")),
    "equipment": (lazy_gettext("Equipment"), lazy_gettext("All equipment")),
}


@blueprint.get("/transactions")
@audience(*READERS, CASH_FLOW)
def transactions() -> ResponseReturnValue:
    """Transactions between two moments, newest first."""
    viewer = current_viewer()
    types = words.TYPE_CODES
    if viewer.role == CASH_FLOW:
        types = {number: types[number] for number in words.CASH_TYPES}
    before = read_before_id(request.args)
    with viewer.reading() as conn:
        names = read_names(conn)
        filters = read_transaction_filters(request.args, names, conn, types)
        rows, dropped, added = [], None, Added([], None)
        if not filters.errors:
            wanted = filters.wanted()
            rows = gateway.transactions(
                conn,
                occurred_from=filters.start,
                occurred_until=filters.until,
                wanted=wanted,
                types=filters.types or None,
                before=before,
                limit=TRANSACTIONS + 1,
            )
            dropped = gateway.dropped(conn, filters.start, filters.until)
            asked = filters.types or list(types)
            added = _added(
                gateway.sums(conn, filters.start, filters.until, wanted)
                if _summed(filters, asked)
                else None,
                asked,
                names,
            )
            audit.viewed(
                conn,
                "transactions",
                facts={
                    "from": filters.start.isoformat(),
                    "until": filters.until.isoformat(),
                    "rows": min(len(rows), TRANSACTIONS),
                },
                concerns=(row["operator_id"] for row in rows[:TRANSACTIONS]),
            )
        objects = objects_of(conn, rows)
        offered = choices.offered(conn, request.args, THINGS, names, filters.owners)
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
        types=types,
        alone=viewer.role == CASH_FLOW,
        added=added,
        dropped=dropped,
        chips=_chips(filters),
        offered=_with_chosen(offered, filters),
        things=[(name, str(label), str(every), name) for name, (label, every) in LABELS.items()],
    )


@dataclass(frozen=True)
class Added:
    """What all records of the list add up to, by currency and type, less what was taken back.

    ``number`` is how many there are in all; None where no aggregate tells.
    """

    lines: list[tuple[Currency, int, int, int]]
    number: int | None


def _summed(filters: TransactionFilters, types: list[int]) -> bool:
    """Whether sums may be known: over more than an hour, amounts are counted of cash flow alone."""
    by_amount = filters.amounts != (None, None) and filters.until - filters.start > ONE_HOUR
    return not by_amount or set(types) <= set(words.CASH_TYPES)


def _added(found: list[db.Row] | None, types: list[int], names: Names) -> Added:
    if found is None:
        return Added([], None)
    lines = [
        (names.currencies[one["currency"]], one["type"], one["number"], one["amount_minor"])
        for one in sorted(
            found, key=lambda one: (one["currency"] != HRYVNIA, one["currency"], one["type"])
        )
        if one["currency"] in names.currencies
        and one["type"] in types
        and (one["number"] or one["amount_minor"])
    ]
    return Added(lines, sum(line[2] for line in lines))


def _with_chosen(
    offered: dict[str, list[tuple[str, str]]], filters: TransactionFilters
) -> dict[str, list[tuple[str, str]]]:
    """The choices of each thing, the chosen one among them."""
    every = {name: list(offered.get(name, ())) for name in THINGS}
    for name, one in filters.things.items():
        if str(one.id) not in {value for value, _ in every[name]}:
            every[name].insert(0, (str(one.id), one.name))
    return every


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
    for name, thing in filters.things.items():
        chips.append((str(LABELS[name][0]), thing.name, here(**{name: None})))
    if filters.payment:
        payment = str(words.PAYMENTS[words.PAYMENT_NUMBERS[filters.payment]])
        chips.append((gettext("Payment"), payment, here(payment=None)))
    for name, label, bound in zip(
        ("amount_from", "amount_to"),
        (gettext("Amount from"), gettext("Amount up to")),
        filters.amounts,
        strict=True,
    ):
        if filters.currency and bound is not None:
            text = money(bound, filters.currency.code, filters.currency.digits)
            chips.append((label, text, here(**{name: None})))
    if filters.round:
        chips.append((gettext("Round"), str(filters.round), here(round=None)))
    if filters.breach:
        mark = str(words.MARKS[filters.breach])
        chips.append((gettext("Mark"), mark, here(breach=None)))
    if filters.currency:
        # Amounts are in its units.
        without = here(currency=None, amount_from=None, amount_to=None)
        chips.append((gettext("Currency"), filters.currency.code, without))
    return chips
