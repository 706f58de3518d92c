"""Entries in the menu that lead to proposing, to access keys and to an operator's people."""

from __future__ import annotations

import flask_login

from portal.registry import pages_changes, pages_keys, pages_own, pages_people
from portal.web.i18n import LazyString, lazy_gettext
from portal.web.navigation import NavItem

__all__ = ["ITEMS", "pages_own", "pages_people"]

SECTION = lazy_gettext("Registers")


def _changes() -> str:
    return pages_changes.changes_title(getattr(flask_login.current_user, "role", ""))


ITEMS = (
    NavItem(
        "registry.own", lazy_gettext("Our organisation"), "building", {"operator"}, SECTION, 39
    ),
    NavItem(
        "registry.changes",
        LazyString(_changes),
        "inbox",
        set(pages_changes.PROPOSERS),
        SECTION,
        60,
        frozenset(
            f"registry.{name}"
            for name in (
                "choose_kind",
                "new_record",
                "change_step",
                "check_change",
                "ask_to_withdraw",
            )
        ),
    ),
    NavItem(
        "registry.keys",
        lazy_gettext("Access keys"),
        "key",
        set(pages_keys.READERS),
        SECTION,
        61,
        frozenset(
            f"registry.{name}"
            for name in (
                "key",
                "new_access_key",
                "ask_to_rotate",
                "ask_to_restrict",
                "ask_to_revoke",
            )
        ),
    ),
    NavItem("registry.people", lazy_gettext("Our people"), "people", {"operator"}, SECTION, 62),
)
