"""What the pages of officials about illegal sites share."""

from __future__ import annotations

from flask import Blueprint

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
        SECTION, 70, frozenset({"blocking.complaint", "blocking.decide"}),
    ),
    NavItem(
        "blocking.providers", lazy_gettext("Providers and the list"), "shield",
        {*KEEPERS, "auditor"}, SECTION, 71, frozenset({"blocking.provider"}),
    ),
)  # fmt: skip
