"""What a reader asked of a register, read from the address: page, files and chips go by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from werkzeug.datastructures import MultiDict

from portal.registry.catalogue import Attribute, Catalogue, Kind
from portal.registry.names import Named, Names
from portal.registry.pages import LARGEST_ID, Errors, read_as_of, read_search
from portal.web.i18n import language, lazy_gettext
from portal.web.urls import LONGEST_ID, here

SORTS = ("title", "code", "since", "until")
MANY = 50
LONGEST_VALUE = 500
UNFILTERED = frozenset({"moment", "parts", "choices", "long_text", "texts"})


@dataclass(frozen=True)
class ListFilters:
    """Which records of a register, in which order, and as of which moment (None: now).

    ``chosen`` are the filters as ``api.registry_list`` takes them, the operator's apart.
    """

    kind: Kind
    search: str
    chosen: dict[str, list[str]]
    operator: Named | None
    sort: str
    descending: bool
    as_of: datetime | None
    errors: Errors = field(default_factory=dict)

    @property
    def column(self) -> str:
        """What the database sorts by: names in the language of the request."""
        return f"title_{language()}" if self.sort == "title" else self.sort

    @property
    def conditions(self) -> dict[str, list[str]]:
        """All filters, for the database."""
        own = {"operator": [str(self.operator.id)]} if self.operator else {}
        return {**self.chosen, **own}


def filterable(kind: Kind) -> Iterator[Attribute]:
    """Attributes by which a list can be narrowed; the state is a filter of its own."""
    for attribute in kind.attributes:
        hidden = attribute.private or attribute.name == "state"
        if not hidden and attribute.data_type not in UNFILTERED:
            yield attribute


def read_filters(
    query: MultiDict[str, str], catalogue: Catalogue, kind: Kind, names: Names
) -> ListFilters:
    """The filters of a list; an address that makes no sense has errors."""
    errors: Errors = {}
    chosen: dict[str, list[str]] = {}
    states = _values(query, "state")
    if set(states) - set(catalogue.states.get(kind.state_by, {})):
        errors["state"] = lazy_gettext("Choose a state from the list.")
    elif states:
        chosen["state"] = states
    for attribute in filterable(kind):
        values = _values(query, attribute.name)
        if values and not _sensible(catalogue, attribute, values):
            errors[attribute.name] = lazy_gettext("Choose a value from the list.")
        elif values:
            chosen[attribute.name] = values
    operator = names.operator(query.get("operator", ""))
    if query.get("operator") and operator is None:
        errors["operator"] = lazy_gettext("Choose an operator from the list.")
    sort, direction = query.get("sort") or "title", query.get("dir") or "asc"
    if sort not in SORTS or direction not in ("asc", "desc"):
        errors["sort"] = lazy_gettext("The table cannot be sorted by that.")
        sort, direction = "title", "asc"
    return ListFilters(
        kind,
        read_search(query),
        chosen,
        operator,
        sort,
        direction == "desc",
        read_as_of(query, errors),
        errors,
    )


def narrowed(**changes: object) -> str:
    """This list with other filters, from its beginning."""
    return here(**{"back": None, "format": None, **changes})


def _values(query: MultiDict[str, str], name: str) -> list[str]:
    return list(dict.fromkeys(value for value in query.getlist(name) if value))


def _sensible(catalogue: Catalogue, attribute: Attribute, values: list[str]) -> bool:
    if len(values) > MANY:
        return False
    if attribute.data_type == "choice":
        return set(values) <= set(catalogue.choices.get(attribute.choice_list or "", {}))
    if attribute.data_type == "reference":
        return all(_is_id(value) for value in values)
    return all(len(value) <= LONGEST_VALUE and "\0" not in value for value in values)


def _is_id(text: str) -> bool:
    whole = text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID
    return whole and int(text) <= LARGEST_ID
