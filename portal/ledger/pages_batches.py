"""Accepted batches, one batch, its receipt, one transaction of it."""

from __future__ import annotations

import json
from datetime import timedelta

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from portal import audit, db
from portal.errors import NotFound
from portal.identity.login import Viewer, audience, current_viewer
from portal.ingest import proving, vouching
from portal.ledger import gateway, words, words_log
from portal.ledger.pages import (
    KEY_READERS,
    READERS,
    blueprint,
    keys_of,
    objects_of,
    summary,
    sums,
)
from portal.ledger.pages_filters import BatchFilters, read_batch_filters, read_before_number
from portal.registry.names import read_names
from portal.web.formats import date_time, iso
from portal.web.i18n import gettext
from portal.web.paging import Page, cursor, listing
from portal.web.rendering import render
from portal.web.urls import address, here

BATCHES = 50
TRANSACTIONS = 100
HALF_AN_HOUR = timedelta(minutes=30)


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
                received_from=filters.start,
                received_until=filters.end,
                before=before,
                limit=BATCHES + 1,
                late=filters.late,
                key=filters.key,
            )
            whose = filters.operator.id if filters.operator else None
            arrived = gateway.arrived(conn, filters.start, filters.end, whose, filters.key)
        elif not filters.errors:
            rows = gateway.batches(
                conn,
                operators=[filters.operator.id] if filters.operator else None,
                occurred_from=filters.start,
                occurred_until=filters.end,
                before=before,
                limit=BATCHES + 1,
                late=filters.late,
                key=filters.key,
            )
        key = _key_name(conn, viewer, filters.key)
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
        chips=_chips(filters, key),
    )


def _key_name(conn: db.Connection, viewer: Viewer, key: int | None) -> str | None:
    """What an access key is called, for those who may see keys; its number for all others."""
    if key is None:
        return None
    found = gateway.access_keys(conn, [key]) if viewer.role in KEY_READERS else {}
    return str(found[key]["label"]) if key in found else str(key)


def _chips(filters: BatchFilters, key: str | None) -> list[tuple[str, str, str]]:
    chips = []
    if filters.operator and current_viewer().role != "operator":
        chips.append((gettext("Operator"), filters.operator.name, here(operator=None)))
    if key:
        chips.append((gettext("Access key"), key, here(key=None)))
    if filters.hour:
        chips.append((gettext("Hour"), date_time(filters.hour), here(hour=None)))
    return chips


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
        shown = {"rows": len(rows), "from": after + 1}
        audit.viewed(conn, "batch", str(batch_id), facts=shown, concerns=[found["operator_id"]])
        dropped = _dropped(conn, found)
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
        stood=vouching.stood(bytes(found["receipt"]), batch_id),
        pretty=pretty,
        dropped=dropped,
        words=words,
        log_words=words_log,
    )


def _dropped(conn: db.Connection, batch: db.Row) -> gateway.Dropped | None:
    return gateway.dropped(
        conn, batch["occurred_from"], batch["occurred_until"] + gateway.ONE_MICROSECOND
    )


def _page(rows: list[db.Row], after: int, whole: int) -> Page[db.Row]:
    """Rows count from 1, so that the page before is known without reading it.

    Where some were archived a page holds others than the numbers say, and none is left out.
    """
    previous = after - TRANSACTIONS
    last = rows[-1]["row_no"] if rows else whole
    return Page(
        rows,
        None if after == 0 else here(cursor=cursor(max(previous, 0))),
        here(cursor=cursor(last)) if last < whole and len(rows) == TRANSACTIONS else None,
    )


@blueprint.get("/batches/<int:batch_id>/receipt")
@audience(*READERS)
def receipt(batch_id: int) -> ResponseReturnValue:
    """The very bytes that were answered to the operator, with the promise."""
    with current_viewer().reading() as conn:
        found = gateway.batch(conn, batch_id)
    answered = vouching.answered(bytes(found["receipt"]), batch_id)
    return _file(answered, f"receipt-{batch_id}.json")


@blueprint.get("/batches/<int:batch_id>/proof")
@audience(*READERS)
def receipt_proof(batch_id: int) -> ResponseReturnValue:
    """The same with the proof that its entry is in the log; 404 while there is none."""
    with current_viewer().reading() as conn:
        found = gateway.batch(conn, batch_id)
    stored = bytes(found["receipt"])
    answered, proven = vouching.answered(stored, batch_id), vouching.proof_of(stored, batch_id)
    if proven is None:
        raise NotFound
    return _file(proven.added_to(answered), f"receipt-{batch_id}-proof.json")


def _file(data: bytes, name: str) -> Response:
    response = Response(data, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get("/batches/<int:batch_id>/transactions/<int:row_no>")
@audience(*READERS)
def transaction(batch_id: int, row_no: int) -> ResponseReturnValue:
    """One transaction, what it takes back or was taken back by, and the receipt it came under."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        found = gateway.batch(conn, batch_id)
        try:
            row = gateway.batch_transaction(conn, batch_id, row_no)
        except NotFound:
            dropped = _dropped(conn, found) if 1 <= row_no <= found["row_count"] else None
            if dropped is None:
                raise
            _viewed(conn, batch_id, row_no, found["operator_id"], action="archived")
            return render(
                "ledger/archived.html", status=410, batch=found, row_no=row_no, dropped=dropped
            )
        owner = row["operator_id"]
        _viewed(conn, batch_id, row_no, owner)
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
        of_round=_of_round(row),
        stood=vouching.stood(bytes(found["receipt"]), batch_id),
        pretty=pretty,
        log_words=words_log,
        sealed=viewer.role not in proving.SEE_PLAYERS,
    )


@blueprint.get("/batches/<int:batch_id>/transactions/<int:row_no>/proof")
@audience(*READERS)
def transaction_proof(batch_id: int, row_no: int) -> ResponseReturnValue:
    """The proof of one transaction, without the player for who may not see one; 404 before."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        proof = proving.row_proof(conn, viewer.role, batch_id, row_no)
        owner = gateway.batch(conn, batch_id)["operator_id"]
        _viewed(conn, batch_id, row_no, owner, action="proof")
    if proof is None:
        raise NotFound
    return _file(proof, f"transaction-{batch_id}-{row_no}-proof.json")


def _viewed(conn: db.Connection, batch_id: int, row_no: int, owner: int, **facts: object) -> None:
    audit.viewed(conn, "transaction", f"{batch_id}-{row_no}", facts=facts, concerns=[owner])


def _of_round(row: db.Row) -> str | None:
    """The records of the round within half an hour before and after, whose sums are known; a wider
    period is chosen there.
    """
    if not row["round_id"].int:
        return None
    query = {
        "from": iso(row["occurred_at"] - HALF_AN_HOUR),
        "until": iso(row["occurred_at"] + HALF_AN_HOUR),
        "operator": row["operator_id"],
        "round": str(row["round_id"]),
    }
    return address(url_for("ledger.transactions"), query)


def _address(batch_id: int, row_no: int) -> str:
    return url_for("ledger.transaction", batch_id=batch_id, row_no=row_no)


def pretty(stored: bytes) -> str:
    """A receipt laid out for reading; the bytes that count are those of the download."""
    return json.dumps(json.loads(bytes(stored)), ensure_ascii=False, indent=2)
