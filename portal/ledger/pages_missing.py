"""Numbers missing in the streams of an operator: which, and between which batches."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from portal.identity.login import audience, current_viewer
from portal.ledger import gateway
from portal.ledger.pages import blueprint, summary
from portal.ledger.pages_filters import (
    Errors,
    read_before_number,
    read_operator,
    read_refusals_period,
)
from portal.registry.names import read_names
from portal.web.i18n import gettext
from portal.web.paging import listing
from portal.web.rendering import render
from portal.web.urls import here

RANGES = 50
READERS = ("regulator", "auditor", "operator")


@blueprint.get("/missing")
@audience(*READERS)
def missing() -> ResponseReturnValue:
    """Missing ranges of one operator, those noticed last first; which operator is asked first."""
    viewer = current_viewer()
    before = read_before_number(request.args)
    errors: Errors = {}
    with viewer.reading() as conn:
        names = read_names(conn)
        operator = read_operator(request.args, names, errors)
        if viewer.role == "operator" and not errors:
            operator = next(iter(names.operators.values()), None)
        period = read_refusals_period(request.args, errors)
        rows, state = [], None
        if operator and not errors:
            rows = gateway.missing_numbers(
                conn,
                operator.id,
                before=before,
                limit=RANGES + 1,
                start=period.start if period else None,
                until=period.end if period else None,
            )
            state = gateway.numbers(conn, operator.id)
    chips = []
    if operator and viewer.role != "operator":
        chips.append((gettext("Operator"), operator.name, here(operator=None)))
    return render(
        "ledger/missing.html",
        "list",
        status=422 if errors else 200,
        operator=operator,
        period=period,
        chips=chips,
        errors=errors,
        summary=[
            ("filter-period" if field in ("period", "from", "to") else where, text)
            for field, (where, text) in zip(errors, summary(errors), strict=True)
        ],
        names=names,
        state=state,
        listing=listing(rows, RANGES, "operator_sequence", before is not None),
    )
