"""What narrows a register, in words: chips above the list, lines of a file."""

from __future__ import annotations

from collections.abc import Iterator

from portal.registry.catalogue import Catalogue, Kind, Reference, Titles
from portal.registry.pages_lists_filters import ListFilters, narrowed
from portal.web.formats import date_time
from portal.web.i18n import gettext


def chips(
    catalogue: Catalogue, filters: ListFilters, titles: Titles, alone: bool
) -> list[tuple[str, str, str]]:
    """What narrows the list: its name, its value, the address without it."""
    found = []
    if filters.search:
        found.append((gettext("Search for"), filters.search, narrowed(q=None)))
    if filters.operator and not alone:
        found.append((gettext("Operator"), filters.operator.name, narrowed(operator=None)))
    for name, values in filters.chosen.items():
        for value in values:
            rest = [one for one in values if one != value]
            label, text = worded(catalogue, filters.kind, name, value, titles)
            found.append((label, text, narrowed(**{name: rest or None})))
    if filters.as_of:
        found.append((gettext("As of"), date_time(filters.as_of, True), narrowed(as_of=None)))
    return found


def worded(
    catalogue: Catalogue, kind: Kind, name: str, value: str, titles: Titles
) -> tuple[str, str]:
    """A filter and its value in words."""
    attribute = kind.attribute(name)
    if name == "state" or attribute is None:
        return gettext("State"), catalogue.state(kind, value).name
    return attribute.label, catalogue.text(attribute, value, titles)


def chosen_references(kind: Kind, filters: ListFilters) -> Iterator[Reference]:
    """The records that the filters name."""
    for name, values in filters.chosen.items():
        attribute = kind.attribute(name)
        if attribute and attribute.reference_kind:
            for value in values:
                yield Reference(attribute.reference_kind, int(value))
