"""Refused batches, with the reasons in words."""

from __future__ import annotations

from datetime import datetime

from flask import request
from flask.typing import ResponseReturnValue

from portal.identity.login import audience, current_viewer
from portal.ledger import gateway
from portal.ledger.pages import READERS, blueprint, keys_of, summary
from portal.ledger.pages_filters import (
    ONE_HOUR,
    Errors,
    read_before_number,
    read_hour,
    read_key,
    read_operator,
    read_refusals_period,
)
from portal.ledger.words import place, reason
from portal.registry.names import Named, read_names
from portal.web.formats import date_time
from portal.web.i18n import gettext
from portal.web.paging import listing
from portal.web.rendering import render
from portal.web.urls import here

REFUSALS = 50
LONGEST_CODE = 64


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
        hour = read_hour(request.args, errors)
        start, end = (period.start, period.end) if period else (None, None)
        if hour:
            start, end = hour, hour + ONE_HOUR
        key = read_key(request.args, errors)
        code = request.args.get("code", "")[:LONGEST_CODE].replace("\0", "")
        rows, number = [], None
        if not errors:
            rows = gateway.refusals(
                conn,
                operators=[operator.id] if operator else None,
                before=before,
                limit=REFUSALS + 1,
                start=start,
                until=end,
                key=key,
                code=code or None,
            )
            whose = operator.id if operator else None
            if start and end and code:
                number = gateway.refused(conn, start, end, operator_id=whose, key=key, code=code)
            elif start and end:
                number = gateway.arrived(conn, start, end, whose, key).refusals
        keys = keys_of(conn, viewer, rows)
    return render(
        "ledger/refusals.html",
        "list",
        status=422 if errors else 200,
        operator=operator,
        chips=_chips(operator, key, code, hour),
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


def _chips(
    operator: Named | None, key: int | None, code: str, hour: datetime | None
) -> list[tuple[str, str, str]]:
    chips = []
    if operator and current_viewer().role != "operator":
        chips.append((gettext("Operator"), operator.name, here(operator=None)))
    if key:
        chips.append((gettext("Access key"), str(key), here(key=None)))
    if hour:
        chips.append((gettext("Hour"), date_time(hour), here(hour=None)))
    if code:
        chips.append((gettext("Reason"), reason(code).title, here(code=None)))
    return chips
