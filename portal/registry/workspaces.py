"""The workspaces of the regulator and of the Tax Service: their pages, and entries in the menu."""

from __future__ import annotations

from portal.registry import (
    pages_blocking,
    pages_decisions,
    pages_fees,
    pages_giving,
    pages_licences,
    pages_operators,
    pages_queue,
    pages_suspensions,
    pages_taxpayers,
)
from portal.registry.pages import READERS
from portal.web.i18n import lazy_gettext
from portal.web.navigation import NavItem

__all__ = [
    "ENTRIES",
    "pages_blocking",
    "pages_decisions",
    "pages_fees",
    "pages_giving",
    "pages_licences",
    "pages_suspensions",
]

DESK = lazy_gettext("Decisions")
TAXES = lazy_gettext("Taxes")
ENTRIES = (
    NavItem(
        "registry.queue",
        lazy_gettext("Applications and changes"),
        "inbox",
        set(pages_queue.OFFICIALS),
        DESK,
        35,
        frozenset({"registry.change", "registry.decision", "registry.giving"}),
    ),
    NavItem(
        "registry.operators",
        lazy_gettext("Operators at a glance"),
        "building",
        set(pages_operators.READERS),
        DESK,
        36,
    ),
    NavItem(
        "registry.blocking_orders",
        lazy_gettext("Blocking orders"),
        "refused",
        set(READERS),
        lazy_gettext("Registers"),
        48,
        frozenset({"registry.equipment_act"}),
    ),
    NavItem(
        "registry.licence_fees",
        lazy_gettext("Licence fees"),
        "scale",
        set(READERS),
        lazy_gettext("Registers"),
        49,
    ),
    NavItem(
        "registry.taxpayers",
        lazy_gettext("Organisers as taxpayers"),
        "scale",
        set(pages_taxpayers.READERS),
        TAXES,
        25,
        frozenset({"registry.taxpayer"}),
    ),
)
