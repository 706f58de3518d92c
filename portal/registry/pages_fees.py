"""What a year of a licence costs, by kind, and from which day."""

from __future__ import annotations

import psycopg
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.identity.login import audience, current_viewer
from portal.registry import desk, gateway
from portal.registry.acts import NEEDED, Act
from portal.registry.forms import Field
from portal.registry.names import read_names
from portal.registry.pages import READERS, blueprint
from portal.registry.pages_queue import DECIDERS
from portal.web.i18n import gettext, language, lazy_gettext
from portal.web.rendering import render

HRYVNIA = 980  # the acts that set fees name hryvnias
DIGITS = 2


@blueprint.get("/licence-fees")
@audience(*READERS)
def licence_fees() -> ResponseReturnValue:
    """Fees by kind of licence: in force, past and to come."""
    return _page(Act({}))


@blueprint.post("/licence-fees")
@audience(*sorted(DECIDERS))
def set_licence_fee() -> ResponseReturnValue:
    """Set a fee from a day on; what held until then ends with that day."""
    act = Act(request.form)
    with current_viewer().reading() as conn:
        known = {str(row["id"]): int(row["id"]) for row in desk.licence_kinds(conn)}
    kind_id = known.get(act.form.get("licence_kind", ""))
    if kind_id is None:
        act.errors["licence_kind"] = NEEDED
    amount = act.amount("amount", DIGITS)
    since = act.day("valid_from")
    grounds = act.text("grounds")
    if act.errors or kind_id is None or since is None:
        return _page(act)
    try:
        with current_viewer().reading() as conn:
            gateway.set_licence_fee(
                conn,
                kind_id,
                amount_minor=amount,
                currency=HRYVNIA,
                valid_from=since,
                grounds=grounds,
            )
    except psycopg.Error as problem:
        if problem.sqlstate != "DZR03":
            raise
        act.errors["valid_from"] = lazy_gettext(
            "A fee from that day, or from a later one, is set already."
        )
        return _page(act)
    flash(gettext("The fee is set."), "success")
    return redirect(url_for("registry.licence_fees"), 303)


def _page(act: Act) -> ResponseReturnValue:
    viewer = current_viewer()
    with viewer.reading() as conn:
        kinds = desk.licence_kinds(conn)
        fees = desk.fees(conn)
        names = read_names(conn)
    by_kind: dict[int, list[dict[str, object]]] = {}
    for fee in fees:
        by_kind.setdefault(fee["licence_kind_id"], []).append(fee)
    return render(
        "registry/fees.html",
        status=422 if act.errors else 200,
        kinds=kinds,
        by_kind=by_kind,
        names=names,
        act=act,
        may_set=viewer.role in DECIDERS,
        fields=act.filled(_fields(kinds)),
    )


def _fields(kinds: list[db.Row]) -> list[Field]:
    return [
        Field(
            "licence_kind",
            gettext("Kind of licence"),
            "select",
            required=True,
            options=tuple((str(row["id"]), row[f"name_{language()}"]) for row in kinds),
        ),
        Field("amount", gettext("Fee for a year, UAH"), "short", required=True),
        Field("valid_from", gettext("From the day"), "date", required=True),
        Field(
            "grounds",
            gettext("Grounds"),
            "area",
            hint=gettext("The act that sets the fee, its number and date."),
            required=True,
        ),
    ]
