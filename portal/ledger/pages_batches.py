"""Accepted batches, one batch, its receipt, one transaction of it."""

from __future__ import annotations

import json

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from portal.identity.login import audience, current_viewer
from portal.ledger import gateway, words
from portal.ledger.pages import (
    READERS,
    blueprint,
    keys_of,
    objects_of,
    summary,
    sums,
)
from portal.ledger.pages_filters import read_batch_filters, read_before_number
from portal.registry.names import read_names
from portal.web.i18n import gettext
from portal.web.paging import Page, cursor, listing
from portal.web.rendering import render
from portal.web.urls import here

BATCHES = 50
TRANSACTIONS = 100


@blueprint.get("/batches")
@audience(*READERS)
def batches() -> ResponseReturnValue:
    """Accepted batches that hold something of a period, newest first."""
    viewer = current_viewer()
    before = read_before_number(request.args)
    with viewer.reading() as conn:
        names = read_names(conn)
        filters = read_batch_filters(request.args, names)
        rows, arrived = [], None
        if not filters.errors and filters.received:
            rows = gateway.batches_received(
                conn,
                operators=[filters.operator.id] if filters.operator else None,
                received_from=filters.period.start,
                received_until=filters.period.end,
                before=before,
                limit=BATCHES + 1,
                late=filters.late,
            )
            whose = filters.operator.id if filters.operator else None
            arrived = gateway.arrived(conn, filters.period.start, filters.period.end, whose)
        elif not filters.errors:
            rows = gateway.batches(
                conn,
                operators=[filters.operator.id] if filters.operator else None,
                occurred_from=filters.period.start,
                occurred_until=filters.period.end,
                before=before,
                limit=BATCHES + 1,
                late=filters.late,
            )
    return render(
        "ledger/batches.html",
        "list",
        status=422 if filters.errors else 200,
        filters=filters,
        summary=summary(filters.errors),
        names=names,
        listing=listing(rows, BATCHES, "id", before is not None),
        arrived=arrived,
        sums=sums,
        chips=_chips(filters.operator.name if filters.operator else None),
    )


def _chips(operator: str | None) -> list[tuple[str, str, str]]:
    return [(gettext("Operator"), operator, here(operator=None))] if operator else []


@blueprint.get("/batches/<int:batch_id>")
@audience(*READERS)
def batch(batch_id: int) -> ResponseReturnValue:
    """One batch: facts, totals, receipt, transactions in the order in which they were sent."""
    viewer = current_viewer()
    after = read_before_number(request.args, gateway.LARGEST_ROW) or 0
    with viewer.reading() as conn:
        found = gateway.batch(conn, batch_id)
        names = read_names(conn)
        rows = gateway.batch_transactions(conn, batch_id, after, TRANSACTIONS)
        objects = objects_of(conn, rows)
        keys = keys_of(conn, viewer, [found])
    return render(
        "ledger/batch.html",
        "rows",
        batch=found,
        names=names,
        page=_page(rows, after, found["row_count"]),
        objects=objects,
        key=keys.get(found["access_key_id"]),
        receipt=pretty(found["receipt"]),
        words=words,
    )


def _page(rows: list[dict[str, object]], after: int, whole: int) -> Page[dict[str, object]]:
    """Rows count from 1 without gaps, so that the page before is known without reading it."""
    previous = after - TRANSACTIONS
    last = after + len(rows)
    return Page(
        rows,
        None if after == 0 else here(cursor=cursor(max(previous, 0))),
        here(cursor=cursor(last)) if last < whole else None,
    )


@blueprint.get("/batches/<int:batch_id>/receipt")
@audience(*READERS)
def receipt(batch_id: int) -> ResponseReturnValue:
    """The very bytes that were answered to the operator."""
    with current_viewer().reading() as conn:
        found = gateway.batch(conn, batch_id)
    response = Response(bytes(found["receipt"]), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{batch_id}.json"'
    return response


@blueprint.get("/batches/<int:batch_id>/transactions/<int:row_no>")
@audience(*READERS)
def transaction(batch_id: int, row_no: int) -> ResponseReturnValue:
    """One transaction, what it takes back or was taken back by, and the receipt it came under."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        row = gateway.batch_transaction(conn, batch_id, row_no)
        owner = row["operator_id"]
        found = gateway.batch(conn, batch_id)
        names = read_names(conn)
        objects = objects_of(conn, [row])
        target = (
            gateway.transaction_by_id(conn, owner, row["cancels"]) if row["cancel_reason"] else None
        )
        taker = gateway.taken_back_by(conn, owner, row["id"]) if row["taken_back"] else None
    return render(
        "ledger/transaction.html",
        row=row,
        batch=found,
        names=names,
        objects=objects,
        words=words,
        cancels=_address(target["batch_id"], target["row_no"]) if target else None,
        taken_back_by=_address(*taker) if taker else None,
        receipt=pretty(found["receipt"]),
    )


def _address(batch_id: int, row_no: int) -> str:
    return url_for("ledger.transaction", batch_id=batch_id, row_no=row_no)


def pretty(stored: bytes) -> str:
    """A receipt laid out for reading; the bytes that count are those of the download."""
    return json.dumps(json.loads(bytes(stored)), ensure_ascii=False, indent=2)
