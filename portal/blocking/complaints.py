"""Complaints of the public: the queue, one complaint, what becomes of it."""

from __future__ import annotations

import psycopg
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.blocking.desk import DECIDE, KEEPERS, blocked_site, blueprint
from portal.errors import NotFound
from portal.identity.login import audience, current_viewer
from portal.open_data import gateway
from portal.open_data.complaints import STATES
from portal.registry import domains
from portal.registry.acts import Act
from portal.registry.forms import Field
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.rendering import render

OPEN = ("new", "taken")
MOST = 200
LARGEST = 2**63 - 1
DECISIONS: dict[str, LazyString] = {
    "taken": lazy_gettext("Take it up"),
    "blocked": lazy_gettext("Confirmed: measures were taken"),
    "rejected": lazy_gettext("Not confirmed"),
}


@blueprint.get("/complaints")
@audience(*KEEPERS)
def complaints() -> ResponseReturnValue:
    """Those that wait, the oldest first; or the last of all."""
    everything = request.args.get("show") == "all"
    with current_viewer().reading() as conn:
        rows = conn.execute(
            "select id, number, about, address, provider_name, received_at, repeated, state"
            " from api.complaint where %(everything)s or state in ('new', 'taken')"
            " order by case when %(everything)s then -id else id end limit %(most)s",
            {"everything": everything, "most": MOST},
        ).fetchall()
        counted = conn.execute(
            "select count(*) filter (where state in ('new', 'taken')) as open,"
            " count(*) as everything from api.complaint"
        ).fetchone()
    return render(
        "blocking/complaints.html",
        rows=rows,
        counted=counted,
        everything=everything,
        states=STATES,
        readable=domains.readable,
    )


@blueprint.get("/complaints/<int:complaint_id>")
@audience(*KEEPERS)
def complaint(complaint_id: int) -> ResponseReturnValue:
    """What was written, what the registers know of the address, and what may be done."""
    return _page(complaint_id, Act({}))


@blueprint.post("/complaints/<int:complaint_id>")
@audience(*KEEPERS, permission=DECIDE)
def decide(complaint_id: int) -> ResponseReturnValue:
    """Take it up, confirm or reject it."""
    act = Act(request.form)
    decision = act.form.get("decision", "")
    if decision not in DECISIONS:
        act.errors["decision"] = lazy_gettext("Choose from the list.")
    answer = act.text("answer", required=decision != "taken")
    if act.errors:
        return _page(complaint_id, act)
    try:
        with current_viewer().reading() as conn:
            number = db.call_value(conn, "api.decide_complaint", complaint_id, decision, answer)
    except psycopg.Error as problem:
        if problem.sqlstate != "DZW01":
            raise
        act.errors["decision"] = lazy_gettext(
            "Its state does not allow it, or the address is not on the list of blocked ones."
        )
        return _page(complaint_id, act, status=409)
    flash(gettext("The complaint %(number)s is decided.", number=number), "success")
    return redirect(url_for("blocking.complaints"), 303)


def _page(complaint_id: int, act: Act, status: int = 200) -> ResponseReturnValue:
    if not 0 < complaint_id <= LARGEST:
        raise NotFound
    with current_viewer().reading() as conn:
        row = conn.execute("select * from api.complaint where id = %s", (complaint_id,)).fetchone()
        if row is None:
            raise NotFound
        site_id = blocked_site(conn, row["address"])
    with db.public() as conn:
        known = gateway.verdict(conn, domains.host_of(row["address"]), row["address"])
    fields = [
        Field(
            "decision", gettext("Decision"), "select", required=True,
            options=tuple(
                (code, label) for code, label in DECISIONS.items() if code != row["state"]
            ),
        ),
        Field(
            "answer", gettext("Answer"), "area",
            hint=gettext("Whoever complained reads it, by the number of the complaint."),
        ),
    ]  # fmt: skip
    return render(
        "blocking/complaint.html",
        status=422 if act.errors and status == 200 else status,
        row=row,
        known=known,
        site_id=site_id,
        states=STATES,
        readable=domains.readable(domains.host_of(row["address"])),
        act=act,
        fields=act.filled(fields),
        may=current_viewer().may(DECIDE) and row["state"] in OPEN,
    )
