"""The start page, the day so far, and how the person arranges the figures of the start page."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.errors import NotFound
from portal.identity.login import OWN, audience, current_viewer
from portal.registry.names import read_names
from portal.reports import gateway, home, morning, tasks
from portal.reports.asking import DEFAULT_CURRENCY
from portal.web import navigation, periods
from portal.web.rendering import render

# Who has no start page goes here.
LANDING = {
    "financial_monitoring": "reports.index",
    "fairness": "reports.index",
    "administrator": "officials.index",
}
MORNING = ("regulator", "tax_service", "auditor", "operator")
# Beside the figures so many tasks, the most urgent, fit on one screen of 1360 by 768; the others
# open below them.
MOST_TASKS = 4
ACTS = ("up", "down", "hide", "show")


def register(blueprint: Blueprint) -> None:
    """Give a blueprint these pages."""
    blueprint.add_url_rule("/", "start", start)
    blueprint.add_url_rule("/today", "today", today)
    blueprint.add_url_rule("/arrange", "arrange", arrange)
    blueprint.add_url_rule("/arrange", "move", move, methods=["POST"])
    blueprint.add_url_rule("/arrange/reset", "reset", reset, methods=["POST"])


@audience(*navigation.ROLES)
def start() -> ResponseReturnValue:
    """What waits for the person, and the few figures of this morning."""
    viewer = current_viewer()
    if viewer.role in LANDING:
        return redirect(url_for(LANDING[viewer.role]))
    reads = viewer.role in MORNING
    day = periods.today()
    with viewer.reading() as conn:
        names = read_names(conn)
        as_of = gateway.watermark(conn)
        groups = tasks.read(conn, names, viewer.role == "operator")
        currency = names.currency(DEFAULT_CURRENCY)
        if reads and currency is not None:
            cards = morning.arranged(conn, viewer.role).shown
            shown = morning.read(conn, viewer.role, cards, currency, day) if cards else None
        else:
            shown = None
    return render(
        "reports/start.html",
        groups=groups,
        most_tasks=MOST_TASKS if reads else None,
        severities=tasks.SEVERITIES,
        as_of=as_of,
        reads=reads,
        morning=shown,
        yesterday=day - periods.ONE_DAY,
    )


@audience(*MORNING)
def today() -> ResponseReturnValue:
    """The day since midnight in Kyiv: what was staked, what came in, and where to go from here."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        names = read_names(conn)
        as_of = gateway.watermark(conn)
        so_far = home.read(conn, names)
    return render("reports/today.html", as_of=as_of, today=so_far, ways=home.ways(viewer.role))


@audience(*MORNING)
def arrange() -> ResponseReturnValue:
    """The figures in their order, with what can be done with each."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        own = morning.arranged(conn, viewer.role)
    return render("reports/arrange.html", own=own)


@audience(*MORNING, permission=OWN)
def move() -> ResponseReturnValue:
    """Move a figure one place, hide it or show it."""
    viewer = current_viewer()
    code, act = request.form.get("card", ""), request.form.get("act", "")
    with viewer.reading() as conn:
        own = morning.arranged(conn, viewer.role)
        codes, hidden = [one.code for one in own.cards], set(own.hidden)
        if code not in codes or act not in ACTS:
            raise NotFound
        place = codes.index(code)
        other = place + {"up": -1, "down": 1}.get(act, 0)
        if 0 <= other < len(codes):
            codes[place], codes[other] = codes[other], codes[place]
        if act in ("hide", "show"):
            (hidden.add if act == "hide" else hidden.discard)(code)
        gateway.arrange_dashboard(conn, codes, sorted(hidden & set(codes)))
    return redirect(url_for("reports.arrange", _anchor=f"card-{code}"), 303)


@audience(*MORNING, permission=OWN)
def reset() -> ResponseReturnValue:
    """As it is for everybody in this role."""
    with current_viewer().reading() as conn:
        gateway.arrange_dashboard(conn, None, [])
    return redirect(url_for("reports.arrange"), 303)
