"""Side navigation: domains register entries, the shell shows those meant for the viewer's role."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import Flask, current_app, request, url_for

from portal.web.i18n import LazyString, lazy_gettext

ROLE_LABELS = {
    "regulator": lazy_gettext("Regulator"),
    "tax_service": lazy_gettext("Tax service"),
    "operator": lazy_gettext("Operator"),
    "registrar": lazy_gettext("Registrar"),
    "auditor": lazy_gettext("Auditor"),
    "financial_monitoring": lazy_gettext("Financial monitoring"),
    "fairness": lazy_gettext("Fairness of games"),
    "administrator": lazy_gettext("Technical administrator"),
}
ROLES = frozenset(ROLE_LABELS)
# Who sees anything of the market: an administrator sees accounts and nothing else.
MARKET = ROLES - {"administrator"}
EXTENSION = "dozir_navigation"
OVERVIEW = lazy_gettext("Overview")


@dataclass(frozen=True)
class NavItem:
    """One entry of the side navigation.

    ``audiences`` are the roles that see it (:data:`ROLES`), with ``permission`` those of them who
    have it; ``section`` is the heading of its
    workspace; ``order`` sorts sections and entries (lowest first); ``within`` names further
    endpoints that belong to it, so that a detail page marks its list as the place one is in.
    """

    endpoint: str
    label: str | LazyString
    icon: str
    audiences: frozenset[str] | set[str]
    section: str | LazyString = OVERVIEW
    order: int = 100
    within: frozenset[str] | set[str] = field(default_factory=frozenset)
    permission: str | None = None

    def __post_init__(self) -> None:
        unknown = set(self.audiences) - ROLES
        if unknown:
            raise ValueError(f"unknown audiences of {self.endpoint}: {sorted(unknown)}")


@dataclass(frozen=True)
class Link:
    """An entry ready to show; ``current`` is the value of ``aria-current`` or None."""

    address: str
    label: str
    icon: str
    current: str | None


@dataclass(frozen=True)
class Section:
    """A workspace with the entries that the viewer may see."""

    label: str
    links: list[Link]


def register(app: Flask, *items: NavItem) -> None:
    """Adds entries; the same endpoint twice is a mistake."""
    known: dict[str, NavItem] = app.extensions.setdefault(EXTENSION, {})
    for item in items:
        if item.endpoint in known:
            raise ValueError(f"navigation entry registered twice: {item.endpoint}")
        known[item.endpoint] = item


def current_mark(item: NavItem, endpoint: str | None) -> str | None:
    """``page`` on the entry's own page, ``true`` on a page within it, else None."""
    if endpoint == item.endpoint:
        return "page"
    return "true" if endpoint in item.within else None


def sections_for(role: str | None, permissions: frozenset[str] = frozenset()) -> list[Section]:
    """The navigation of a role in the current request's language; empty for nobody."""
    items: Iterable[NavItem] = current_app.extensions.get(EXTENSION, {}).values()
    shown = sorted(
        (
            item
            for item in items
            if role in item.audiences
            and (item.permission is None or item.permission in permissions)
        ),
        key=lambda one: one.order,
    )
    sections: dict[str, list[Link]] = {}
    for item in shown:
        link = Link(
            url_for(item.endpoint),
            str(item.label),
            item.icon,
            current_mark(item, request.endpoint),
        )
        sections.setdefault(str(item.section), []).append(link)
    return [Section(label, links) for label, links in sections.items()]
