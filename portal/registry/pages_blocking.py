"""Orders that block equipment and orders that lift them: the act and the log."""

from __future__ import annotations

import psycopg
from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.identity import step_up
from portal.identity.login import audience, current_viewer
from portal.registry import desk, gateway
from portal.registry.acts import LONGEST_NUMBER, Act
from portal.registry.catalogue import read_catalogue
from portal.registry.differences import record_address
from portal.registry.forms import Field
from portal.registry.names import read_names
from portal.registry.pages import READERS, blueprint, possible
from portal.registry.pages_queue import DECIDERS
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.paging import listing, read_cursor
from portal.web.rendering import render
from portal.web.urls import here

ACTING = "<any(block, unblock):action>"
STEPS = {"block": "block", "unblock": "restore"}  # what the workflow calls them
ORDERS = 50
TITLES: dict[str, LazyString] = {
    "block": lazy_gettext("Block the equipment"),
    "unblock": lazy_gettext("Lift the blocking"),
}
CONSEQUENCES: dict[str, LazyString] = {
    "block": lazy_gettext(
        "From now on nobody may play on it. Transactions that still come are accepted and marked as"
        " a breach."
    ),
    "unblock": lazy_gettext("From now on the equipment may be played on again."),
}
DONE: dict[str, LazyString] = {
    "block": lazy_gettext("The equipment is blocked."),
    "unblock": lazy_gettext("The blocking is lifted."),
}


@blueprint.get(f"/equipment/<int:record_id>/{ACTING}")
@audience(*sorted(DECIDERS), permission="equipment.block")
def equipment_act(record_id: int, action: str) -> ResponseReturnValue:
    """What the order does, and the form for it."""
    return _act_page(possible(record_id), action, Act({}))


@blueprint.post(f"/equipment/<int:record_id>/{ACTING}")
@audience(*sorted(DECIDERS), permission="equipment.block")
def equipment_do(record_id: int, action: str) -> ResponseReturnValue:
    """Block a piece of equipment, or lift what blocks it."""
    act = Act(request.form)
    order = act.text("order", longest=LONGEST_NUMBER)
    grounds = act.text("grounds")
    if act.errors:
        return _act_page(possible(record_id), action, act)
    facts = _signed_facts(possible(record_id), action, order, grounds)
    if facts and (page := step_up.ask(f"equipment_{action}", facts)) is not None:
        return page
    do = gateway.block_equipment if action == "block" else gateway.unblock_equipment
    try:
        with current_viewer().reading() as conn:
            owner = gateway.record(conn, "equipment", record_id)["operator_id"]
            do(conn, possible(record_id), order=order, grounds=grounds)
            step_up.keep(conn, "equipment", record_id, owner)
    except psycopg.Error as problem:
        if problem.sqlstate == "DZR01":
            abort(404)
        if problem.sqlstate != "DZW01":
            raise
        return _act_page(record_id, action, act, status=409)
    flash(str(DONE[action]), "success")
    return redirect(
        record_address("equipment", record_id)
        or url_for("registry.equipment_act", record_id=record_id, action=action),
        303,
    )


def _signed_facts(record_id: int, action: str, order: str, grounds: str) -> step_up.Facts:
    """What is signed with the order; nothing where it is not possible as things stand."""
    with current_viewer().reading() as conn:
        record = gateway.record(conn, "equipment", record_id)
        steps = desk.steps(conn, "equipment", record["state"], current_viewer().role)
        owner = read_names(conn).operators[record["operator_id"]]
    if STEPS[action] not in steps:
        return []
    return [
        (gettext("Equipment"), record["code"]),
        (gettext("Operator"), f"{owner.name}, {owner.code}"),
        (gettext("Order"), order),
        (gettext("Grounds"), grounds),
    ]


def _act_page(record_id: int, action: str, act: Act, status: int = 200) -> ResponseReturnValue:
    with current_viewer().reading() as conn:
        record = gateway.record(conn, "equipment", record_id)
        catalogue = read_catalogue(conn, "equipment")
        steps = desk.steps(conn, "equipment", record["state"], current_viewer().role)
        names = read_names(conn)
        log = desk.blocks(conn, record_id)
    document = record["document"]
    return render(
        "registry/equipment_act.html",
        status=422 if act.errors else status,
        record=record,
        document=document,
        state=catalogue.state(catalogue.kind("equipment"), record["state"]),
        equipment_kind=catalogue.choice("equipment_kind", document["kind"]),
        record_page=record_address("equipment", record_id),
        names=names,
        log=log,
        action=action,
        possible=STEPS[action] in steps,
        overtaken=status == 409,
        title=str(TITLES[action]),
        consequence=CONSEQUENCES[action],
        act=act,
        fields=act.filled(_fields()),
    )


def _fields() -> list[Field]:
    hint = gettext("Everyone who sees the equipment reads them.")
    return [
        Field("order", gettext("Number and date of the order"), required=True),
        Field("grounds", gettext("Grounds"), "area", hint=hint, required=True),
    ]


@blueprint.get("/blocking-orders")
@audience(*READERS)
def blocking_orders() -> ResponseReturnValue:
    """All orders that block or blocked equipment, the last first."""
    viewer = current_viewer()
    before = read_cursor(request.args, int)
    errors: dict[str, LazyString] = {}
    state = request.args.get("state", "")
    if state not in ("", "in-force", "lifted"):
        errors["state"] = lazy_gettext("Choose from the list.")
    with viewer.reading() as conn:
        names = read_names(conn)
        wanted = request.args.get("operator", "")
        operator = names.operator(wanted) if wanted else None
        if wanted and not operator:
            errors["operator"] = lazy_gettext("There is no such operator.")
        rows = []
        if not errors:
            rows = desk.blocking_orders(
                conn,
                operator_id=operator.id if operator else None,
                in_force=state == "in-force" if state else None,
                before=before,
                limit=ORDERS + 1,
            )
    states = [("in-force", gettext("in force")), ("lifted", gettext("lifted"))]
    chips = []
    if operator:
        chips.append((gettext("Operator"), operator.name, here(operator=None)))
    if state and not errors:
        chips.append((gettext("State"), dict(states)[state], here(state=None)))
    return render(
        "registry/blocking_orders.html",
        "list",
        status=422 if errors else 200,
        listing=listing(rows, ORDERS, "id", before is not None),
        names=names,
        operator=operator,
        state=state,
        states=states,
        chips=chips,
        errors=errors,
        summary=[(f"filter-{field}", text) for field, text in errors.items()],
        record_address=record_address,
    )
