"""Pages of rates: the list as of a day, a proposal, its decision by another, the history."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import psycopg
from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.errors import NotFound
from portal.identity import step_up
from portal.identity.login import audience, current_viewer
from portal.registry import desk
from portal.registry.acts import NEEDED, Act, read_version
from portal.registry.forms import Field
from portal.taxes import gateway, words
from portal.web import periods
from portal.web.formats import date_only
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.periods import PeriodError
from portal.web.rendering import render

READERS = ("tax_service", "regulator", "auditor")
OFFICIALS = ("tax_service",)
SIGNED = ("confirm", "refuse")
DECISION = "<any(confirm, refuse, withdraw):decision>"
LARGEST = 2**63 - 1
DONE: dict[str, LazyString] = {
    "confirmed": lazy_gettext("The rate is confirmed and holds."),
    "refused": lazy_gettext("The proposal is refused."),
    "withdrawn": lazy_gettext("The proposal is withdrawn."),
}
# What the database finds wrong with a proposal.
WRONG: dict[str, LazyString] = {
    "required": NEEDED,
    "choice": lazy_gettext("Choose from the list what belongs to this tax."),
    "range": lazy_gettext("Give a rate from 0 to 100 per cent."),
    "not_applicable": lazy_gettext("This rule is for the tax on income alone."),
    "moment": lazy_gettext("The year is out of range."),
    "reversed": lazy_gettext("The end is not after the beginning."),
    "nothing": lazy_gettext("No rate holds in this period."),
    "too_long": lazy_gettext("At most %(num)s characters.", num=2000),
}

blueprint = Blueprint("taxes", __name__, url_prefix="/taxes")


@blueprint.get("/rates")
@audience(*READERS)
def rates() -> ResponseReturnValue:
    """The rates that hold on a day, and the proposals that wait."""
    errors: dict[str, LazyString] = {}
    day = periods.today()
    try:
        day = periods.read_day(request.args, "day") or day
    except PeriodError as problem:
        errors["day"] = problem.message
    with current_viewer().reading() as conn:
        classes = words.class_names(gateway.classes(conn))
        rows = gateway.rates(conn, day)
        waiting = gateway.changes(conn, waiting=True)
        people = desk.People(
            conn, [one["verified_by"] for one in rows] + [one["proposed_by"] for one in waiting]
        )
    return render(
        "taxes/rates.html",
        "list",
        status=422 if errors else 200,
        day=day,
        rows=rows,
        waiting=waiting,
        classes=classes,
        people=people,
        words=words,
        errors=errors,
        summary=[("filter-day", text) for text in errors.values()],
        may_propose=current_viewer().role in OFFICIALS,
    )


@blueprint.get("/history")
@audience(*READERS)
def history() -> ResponseReturnValue:
    """Every rate by its days, what was replaced, and every proposal that was decided."""
    with current_viewer().reading() as conn:
        classes = words.class_names(gateway.classes(conn))
        rows, replaced = gateway.rates(conn), gateway.replaced(conn)
        decided = gateway.changes(conn, waiting=False)
        actors = [one["verified_by"] for one in (*rows, *replaced)]
        actors += [one[name] for one in decided for name in ("proposed_by", "decided_by")]
        people = desk.People(conn, actors)
    return render(
        "taxes/history.html",
        rows=rows,
        replaced=replaced,
        decided=decided,
        classes=classes,
        people=people,
        words=words,
    )


@blueprint.get("/propose")
@audience(*OFFICIALS, permission="tax_rate.propose")
def new_rate() -> ResponseReturnValue:
    """The form for a proposal: empty, or with a rate that is to be confirmed or corrected."""
    number = read_version(request.args, "rate")
    typed: dict[str, str] = {"action": "set"}
    if number:
        with current_viewer().reading() as conn:
            typed = _typed(gateway.rate(conn, number))
    return _form(Act(typed))


@blueprint.post("/propose")
@audience(*OFFICIALS, permission="tax_rate.propose")
def propose() -> ResponseReturnValue:
    """Propose a rate, which another official has to confirm."""
    act = Act(request.form)
    action = act.form.get("action", "")
    setting = action != "end"
    ppm = _ppm(act) if setting else None
    texts = {name: act.text(name) for name in ("act", "source", "reason")}
    since = None if _open(act, "valid_from") else act.day("valid_from")
    last = None if _open(act, "last_day") else act.day("last_day")
    for name, known in (("action", words.ACTIONS), ("kind", words.KINDS)):
        if act.form.get(name, "") not in known:
            act.errors[name] = WRONG["choice"]
    number = None
    if not act.errors:
        number = _propose(
            act,
            action=action,
            kind=act.form["kind"],
            tax_class=act.form.get("tax_class", "").replace("\0", ""),
            rate_ppm=ppm,
            base=act.form.get("base", "").replace("\0", "") if setting else None,
            loss_rule=act.form.get("loss_rule", "").replace("\0", "") if setting else None,
            valid_from=since,
            valid_until=last + periods.ONE_DAY if last else None,
            **texts,
        )
    if number is None:
        return _form(act)
    flash(gettext("The proposal is entered. Another official of the tax service confirms it."))
    return redirect(url_for("taxes.change", number=number), 303)


@blueprint.get("/changes/<int:number>")
@audience(*READERS)
def change(number: int) -> ResponseReturnValue:
    """A proposal beside what stands in its place now, and the decision."""
    return _change(number, Act({}))


@blueprint.post(f"/changes/<int:number>/{DECISION}")
@audience(*OFFICIALS, permission="tax_rate.decide")
def decide(number: int, decision: str) -> ResponseReturnValue:
    """Confirm or refuse another's proposal, or withdraw one's own."""
    act = Act(request.form)
    reason = act.text("reason", required=decision == "refuse")
    if act.errors:
        return _change(number, act)
    if decision in SIGNED:
        facts = _signed_facts(_possible(number), decision, reason)
        if facts and (page := step_up.ask(f"tax_rate_{decision}", facts)) is not None:
            return page
    try:
        with current_viewer().reading() as conn:
            state = gateway.decide(
                conn,
                _possible(number),
                decision,
                reason=reason or None,
                newest=read_version(request.form, "newest") or None,
            )
            if decision in SIGNED:
                step_up.keep(conn, "tax_rate_change", number)
    except psycopg.Error as problem:
        match problem.sqlstate:
            case "DZR01":
                abort(404)
            case "DZR02" | "DZW05":
                abort(403)
            case "DZW01" | "DZW03":
                return _change(number, act, status=409)
        raise
    flash(str(DONE[state]), "success")
    return redirect(url_for("taxes.change", number=number), 303)


def _signed_facts(number: int, decision: str, reason: str) -> step_up.Facts:
    """What is signed with a decision; nothing where it cannot be taken as things stand."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        found = gateway.change(conn, number)
        classes = words.class_names(gateway.classes(conn))
        newest = gateway.newest_rate(conn, found["kind"], found["tax_class"])
    told = read_version(request.form, "newest") or None
    if found["state"] != "proposed" or found["proposed_person"] == viewer.person_id:
        return []
    if decision == "confirm" and told != newest:
        return []
    facts = [
        (gettext("Proposal"), f"№ {number}, {words.ACTIONS[found['action']]}"),
        (gettext("Tax"), f"{words.KINDS[found['kind']]}, {classes[found['tax_class']]}"),
        (gettext("Rate"), words.rate_text(found["rate_ppm"])),
        (gettext("Valid from"), date_only(found["valid_from"]) if found["valid_from"] else "—"),
        (gettext("Act"), found["act"]),
    ]
    return [*facts, (gettext("Reason"), reason)] if reason else facts


def _change(number: int, act: Act, status: int = 200) -> ResponseReturnValue:
    viewer = current_viewer()
    with viewer.reading() as conn:
        classes = words.class_names(gateway.classes(conn))
        found = gateway.change(conn, _possible(number))
        standing = gateway.rates_of(conn, found["kind"], found["tax_class"])
        newest = gateway.newest_rate(conn, found["kind"], found["tax_class"])
        people = desk.People(
            conn,
            [found["proposed_by"], found["decided_by"], *(one["verified_by"] for one in standing)],
        )
    open_still = found["state"] == "proposed" and viewer.role in OFFICIALS
    own = viewer.person_id == found["proposed_person"]
    return render(
        "taxes/change.html",
        status=422 if act.errors else status,
        change=found,
        standing=standing,
        newest=newest,
        classes=classes,
        people=people,
        words=words,
        act=act,
        overtaken=status == 409,
        may_decide=open_still and not own,
        may_withdraw=open_still and own,
        field=act.filled(
            [
                Field(
                    "reason",
                    gettext("Reason"),
                    "area",
                    hint=gettext("A refusal says why. It stays with the proposal."),
                )
            ]
        )[0],
    )


def _propose(typed: Act, /, **proposal: object) -> int | None:
    """The number of the proposal; None where it has errors, which are then at their fields."""
    try:
        with current_viewer().reading() as conn:
            return gateway.propose(conn, **proposal)  # type: ignore[arg-type]
    except psycopg.Error as problem:
        if problem.sqlstate == "DZR02":
            abort(403)
        if problem.sqlstate != "DZR03":
            raise
        for fault in gateway.faults(problem):
            name = {"valid_until": "last_day"}.get(fault["attribute"], fault["attribute"])
            typed.errors.setdefault(name, WRONG[fault["code"]])
    return None


def _form(act: Act) -> ResponseReturnValue:
    with current_viewer().reading() as conn:
        classes = words.class_names(gateway.classes(conn))
    return render(
        "taxes/propose.html",
        status=422 if act.errors else 200,
        act=act,
        fields=act.filled(_fields(classes)),
    )


def _fields(classes: dict[str, str]) -> list[Field]:
    if_set = gettext("Only where a rate holds.")
    return [
        _choice("action", gettext("What is proposed"), words.ACTIONS),
        _choice("kind", gettext("Tax"), words.KINDS),
        _choice("tax_class", gettext("Applies to"), classes),
        Field("rate", gettext("Rate in per cent"), "short", hint=if_set),
        _choice("base", gettext("Base"), words.BASES, if_set),
        _choice("loss_rule", gettext("Floor and losses"), words.LOSS_RULES, if_set),
        Field(
            "valid_from",
            gettext("First day"),
            "date",
            hint=gettext("Empty: since when is not established."),
        ),
        Field("last_day", gettext("Last day"), "date", hint=gettext("Empty: no end is known.")),
        Field(
            "act",
            gettext("Act"),
            "area",
            hint=gettext("The article of the law that sets it."),
            required=True,
        ),
        Field(
            "source",
            gettext("Source"),
            "area",
            hint=gettext("Where the text was read."),
            required=True,
        ),
        Field(
            "reason",
            gettext("Reason"),
            "area",
            hint=gettext("Whoever confirms it reads it."),
            required=True,
        ),
    ]


def _choice(
    name: str, label: str, known: dict[str, LazyString] | dict[str, str], hint: str = ""
) -> Field:
    options = tuple((value, text) for value, text in known.items())
    return Field(name, label, "select", hint=hint, required=not hint, options=options)


def _typed(rate: db.Row) -> dict[str, str]:
    """A rate as it stands in the fields."""
    made = {
        name: rate[name] for name in ("kind", "tax_class", "base", "loss_rule", "act", "source")
    }
    days = {
        name: rate[name].isoformat() if rate[name] else "" for name in ("valid_from", "last_day")
    }
    percent = f"{(Decimal(rate['rate_ppm']) / words.PPM_IN_PERCENT).normalize():f}"
    return made | days | {"action": "set", "rate": percent}


def _ppm(act: Act) -> int:
    given = "".join(act.form.get("rate", "").split()).replace(",", ".").rstrip("%")
    if not given:
        act.errors["rate"] = NEEDED
        return 0
    try:
        made = Decimal(given) * words.PPM_IN_PERCENT if len(given) <= 20 else Decimal("NaN")
    except InvalidOperation:
        made = Decimal("NaN")
    if not made.is_finite() or not 0 <= made <= words.PPM:
        act.errors["rate"] = WRONG["range"]
        return 0
    if made != made.to_integral_value():
        act.errors["rate"] = lazy_gettext("At most %(num)s digits after the point.", num=4)
        return 0
    return int(made)


def _open(act: Act, name: str) -> bool:
    return not act.form.get(name, "").strip()


def _possible(number: int) -> int:
    if not 0 < number <= LARGEST:
        raise NotFound
    return number
