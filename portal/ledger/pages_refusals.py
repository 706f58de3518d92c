"""Refused batches, with the reasons in words."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from portal.identity.login import audience, current_viewer
from portal.ledger import gateway
from portal.ledger.pages import READERS, blueprint, keys_of, summary
from portal.ledger.pages_filters import (
    Errors,
    read_before_number,
    read_operator,
    read_refusals_period,
)
from portal.ledger.words import place, reason
from portal.registry.names import read_names
from portal.web.paging import listing
from portal.web.rendering import render

REFUSALS = 50


@blueprint.get("/refusals")
@audience(*READERS)
def refusals() -> ResponseReturnValue:
    """Refused batches, newest first."""
    viewer = current_viewer()
    before = read_before_number(request.args)
    errors: Errors = {}
    with viewer.reading() as conn:
        names = read_names(conn)
        operator = read_operator(request.args, names, errors)
        period = read_refusals_period(request.args, errors)
        rows, number = [], None
        if not errors:
            rows = gateway.refusals(
                conn,
                operators=[operator.id] if operator else None,
                before=before,
                limit=REFUSALS + 1,
                start=period.start if period else None,
                until=period.end if period else None,
            )
            if period:
                whose = operator.id if operator else None
                number = gateway.arrived(conn, period.start, period.end, whose).refusals
        keys = keys_of(conn, viewer, rows)
    return render(
        "ledger/refusals.html",
        "list",
        status=422 if errors else 200,
        operator=operator,
        period=period,
        number=number,
        errors=errors,
        summary=[
            ("filter-period" if field.startswith("period") else field, text)
            for field, text in summary(errors)
        ],
        names=names,
        listing=listing(rows, REFUSALS, "id", before is not None),
        keys=keys,
        reason=reason,
        place=place,
    )
