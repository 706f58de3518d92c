"""The steps by which a licensee is connected, as the database finds them, and their words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, url_for

from portal import db
from portal.web import periods
from portal.web.formats import date_time
from portal.web.i18n import LazyString, gettext, language, lazy_gettext
from portal.web.navigation import NavItem

OFFICIALS = ("regulator", "auditor")
LARGEST_ID = 2**31 - 1

blueprint = Blueprint("integration", __name__, url_prefix="/integration")

NAVIGATION = (
    NavItem(
        "integration.market", lazy_gettext("Connection of licensees"), "check", set(OFFICIALS),
        lazy_gettext("Overview"), 8,
        frozenset({"integration.licensee", "integration.deadlines", "integration.verify"}),
    ),
    NavItem(
        "integration.own", lazy_gettext("Connection to the system"), "check", {"operator"},
        lazy_gettext("Overview"), 8,
    ),
)  # fmt: skip

STEPS: dict[str, LazyString] = {
    "licence": lazy_gettext("Licence in force"),
    "people": lazy_gettext("People who may enter"),
    "places": lazy_gettext("Venues, sites, applications"),
    "keys": lazy_gettext("Access keys"),
    "data": lazy_gettext("First data"),
    "sending": lazy_gettext("Data within 24 hours"),
    "declarations": lazy_gettext("Daily declarations"),
    "equipment": lazy_gettext("Equipment that sends"),
}
# What is to be done for a step, said to the operator.
ADVICE: dict[str, LazyString] = {
    "licence": lazy_gettext("Apply for a licence, or for its renewal."),
    "people": lazy_gettext("Register a representative with the power to act here."),
    "places": lazy_gettext("Enter where you take bets: the codes that your records will name."),
    "keys": lazy_gettext("Make a test key first, then a live one, and give it to your engineers."),
    "data": lazy_gettext("Send a first batch: the documentation begins with one."),
    "sending": lazy_gettext("Nothing came within 24 hours: look at your system and at refusals."),
    "declarations": lazy_gettext("Declare the totals of each day once it is over."),
    "equipment": lazy_gettext("Some equipment has sent nothing for a week: connect it or end it."),
}


@dataclass(frozen=True)
class Step:
    """One step of one licensee: done or not, what shows it, by when, and where it is done."""

    code: str
    done: bool
    evidence: str
    due: date | None
    address: str | None

    @property
    def name(self) -> str:
        return str(STEPS[self.code])

    @property
    def advice(self) -> str:
        return str(ADVICE[self.code])

    @property
    def days_left(self) -> int | None:
        return None if self.due is None else (self.due - periods.today()).days


def read(conn: db.Connection, operator_id: int | None = None) -> list[db.Row]:
    """Every licensee that the caller sees, those farthest from the end first."""
    return db.call(conn, "api.integration", None if operator_id is None else [operator_id])


def deadlines(conn: db.Connection) -> list[db.Row]:
    """All that were ever set, the present ones first."""
    return conn.execute(
        "select * from api.connection_deadline order by replaced_at is not null, step, id desc"
    ).fetchall()


def steps_of(row: db.Row, *, own: bool) -> list[Step]:
    """The steps of a licensee in their order; ``own``: links lead to where each is done."""
    undone = set(row["undone"])
    told = {
        "licence": gettext("in force: %(count)s", count=row["licences_in_force"]),
        "people": str(row["people"]),
        "places": str(row["places"]),
        "keys": str(row["keys"]),
        "data": date_time(row["first_batch_at"]) if row["first_batch_at"] else "—",
        "sending": date_time(row["last_batch_at"]) if row["last_batch_at"] else "—",
        "declarations": row["declared_until"].isoformat() if row["declared_until"] else "—",
        "equipment": gettext(
            "%(seen)s of %(count)s", seen=row["equipment_seen"], count=row["equipment"]
        ),
    }
    due = {name: row[f"{name}_due"] for name in ("keys", "data", "equipment")}
    links = _own_links() if own else _links(row["operator_id"])
    return [
        Step(code, code not in undone, told[code], due.get(code), links.get(code)) for code in STEPS
    ]


def _own_links() -> dict[str, str]:
    return {
        "licence": url_for("registry.records", kind="licence"),
        "people": url_for("registry.records", kind="representative"),
        "places": url_for("registry.own"),
        "keys": url_for("registry.keys"),
        "data": url_for("docs.index", lang=language()),
        "sending": url_for("ledger.refusals"),
        "declarations": url_for("declarations.index"),
        "equipment": url_for("registry.records", kind="equipment"),
    }


def _links(operator_id: int) -> dict[str, str]:
    return {
        kind: url_for("registry.records", kind=register, operator=operator_id)
        for kind, register in (
            ("licence", "licence"), ("people", "representative"), ("keys", "access_key"),
            ("places", "website"), ("equipment", "equipment"),
        )
    } | {"sending": url_for("ledger.batches", operator=operator_id)}  # fmt: skip
