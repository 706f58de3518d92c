"""What a year of a licence costs, by kind, and from which day; where that was read, and by whom it
was compared. What nobody compared is never told as a fact.
"""

from __future__ import annotations

import psycopg
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.errors import NotFound
from portal.identity.login import audience, current_viewer
from portal.registry import desk, gateway
from portal.registry.acts import NEEDED, Act
from portal.registry.forms import Field
from portal.registry.names import read_names
from portal.registry.pages import READERS, blueprint, possible
from portal.registry.pages_queue import DECIDERS, actor_of
from portal.web.i18n import gettext, language, lazy_gettext
from portal.web.rendering import render

HRYVNIA = 980  # the acts that set fees name hryvnias
DIGITS = 2
LONGEST_SOURCE = 500


@blueprint.get("/licence-fees")
@audience(*READERS)
def licence_fees() -> ResponseReturnValue:
    """Fees by kind of licence: in force, past and to come."""
    return _page(Act({}))


@blueprint.post("/licence-fees")
@audience(*sorted(DECIDERS), permission="fee.set")
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
    source = act.text("source", required=False, longest=LONGEST_SOURCE)
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
                source=source or None,
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
        people = desk.People(conn, (fee["verified_by"] for fee in fees))
    by_kind: dict[int, list[dict[str, object]]] = {}
    for fee in fees:
        by_kind.setdefault(fee["licence_kind_id"], []).append(fee)
    return render(
        "registry/fees.html",
        status=422 if act.errors else 200,
        kinds=kinds,
        by_kind=by_kind,
        names=names,
        people=people,
        unverified=any(fee["verified_by"] is None for fee in fees),
        act=act,
        may_set=viewer.may("fee.set"),
        may_verify=viewer.may("fee.verify"),
        me=actor_of(viewer),
        fields=act.filled(_fields(kinds)),
    )


@blueprint.get("/licence-fees/<int:fee_id>/verify")
@audience(*sorted(DECIDERS), permission="fee.verify")
def ask_to_verify_fee(fee_id: int) -> ResponseReturnValue:
    """What is to be compared, and the place for where the text of the act is."""
    return _verify_page(possible(fee_id), None)


@blueprint.post("/licence-fees/<int:fee_id>/verify")
@audience(*sorted(DECIDERS), permission="fee.verify")
def verify_licence_fee(fee_id: int) -> ResponseReturnValue:
    """Say that a fee that somebody else entered was compared with the act."""
    act = Act(request.form)
    source = act.text("source", longest=LONGEST_SOURCE)
    act.agreed("compared")
    if act.errors:
        return _verify_page(possible(fee_id), act)
    try:
        with current_viewer().reading() as conn:
            gateway.verify_licence_fee(conn, possible(fee_id), source)
    except psycopg.Error as problem:
        if problem.sqlstate == "DZR01":
            raise NotFound from problem
        if problem.sqlstate != "DZW01":
            raise
        return _verify_page(fee_id, act, status=409)
    flash(gettext("The fee is verified."), "success")
    return redirect(url_for("registry.licence_fees"), 303)


def _verify_page(fee_id: int, act: Act | None, status: int = 200) -> ResponseReturnValue:
    viewer = current_viewer()
    with viewer.reading() as conn:
        fee = next((one for one in desk.fees(conn) if one["id"] == fee_id), None)
        if fee is None:
            raise NotFound
        kind = next(one for one in desk.licence_kinds(conn) if one["id"] == fee["licence_kind_id"])
        names = read_names(conn)
        people = desk.People(conn, (fee["set_by"], fee["verified_by"]))
    typed = act or Act({"source": fee["source"] or ""})
    return render(
        "registry/fees_verify.html",
        status=422 if typed.errors else status,
        fee=fee,
        kind=kind[f"name_{language()}"],
        names=names,
        people=people,
        own=fee["set_by"] == actor_of(viewer),
        overtaken=status == 409,
        act=typed,
        fields=typed.filled(_verify_fields()),
    )


def _verify_fields() -> list[Field]:
    return [
        _source_field(required=True),
        Field(
            "compared",
            gettext("Confirmation"),
            "checks",
            required=True,
            options=(("yes", gettext("I have read the amount and the day there, and they agree")),),
        ),
    ]


def _source_field(*, required: bool) -> Field:
    return Field(
        "source",
        gettext("Where the amount is written"),
        "area",
        hint=gettext(
            "The official publication of the act, with its article, as others can find it."
        ),
        required=required,
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
        _source_field(required=False),
    ]
