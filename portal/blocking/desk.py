"""What the pages of officials about illegal sites share."""

from __future__ import annotations

from flask import Blueprint

from portal import db
from portal.web.i18n import lazy_gettext
from portal.web.navigation import NavItem

KEEPERS = ("regulator", "registrar")
DECIDE = "registry.decide"
LARGEST_ID = 2**31 - 1
SECTION = lazy_gettext("Illegal sites")

blueprint = Blueprint("blocking", __name__, url_prefix="/blocking")

NAVIGATION = (
    NavItem(
        "blocking.complaints", lazy_gettext("Complaints of the public"), "inbox", set(KEEPERS),
        SECTION, 70, frozenset({"blocking.complaint"}),
    ),
    NavItem(
        "blocking.providers", lazy_gettext("Providers and the list"), "shield",
        {*KEEPERS, "auditor"}, SECTION, 71, frozenset({"blocking.provider"}),
    ),
)  # fmt: skip


def blocked_site(conn: db.Connection, address: str) -> int | None:
    """The record of an address in the register of blocked ones, whether in force or over."""
    row = conn.execute(
        "select e.record_id from api.entry as e where e.kind = 'blocked_site' and e.code = %s"
        " and e.recorded_until = 'infinity'",
        (address,),
    ).fetchone()
    return int(row["record_id"]) if row else None
