"""What a list of paid taxes is asked: read once for the page and its files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.registry.names import Named, Names
from portal.taxes import words
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.urls import here

STATES: dict[str, LazyString] = {
    "counts": lazy_gettext("counts"),
    "taken_back": lazy_gettext("taken back"),
}


@dataclass
class Asked:
    """Whose payments, of which tax, for which months; ``errors`` by field."""

    operator: Named | None = None
    kind: str = ""
    first: date | None = None
    last: date | None = None
    state: str = ""
    errors: dict[str, LazyString] = field(default_factory=dict)

    @property
    def chosen(self) -> dict[str, Any]:
        """The same as the database takes it."""
        return {
            "operators": [self.operator.id] if self.operator else None,
            "kind": self.kind or None,
            "first": self.first,
            "last": self.last,
            "counts": {"counts": True, "taken_back": False}.get(self.state),
        }

    @property
    def query(self) -> dict[str, str]:
        """The same as the address has it."""
        made = {
            "operator": str(self.operator.id) if self.operator else "",
            "kind": self.kind,
            "from": f"{self.first:%Y-%m}" if self.first else "",
            "to": f"{self.last:%Y-%m}" if self.last else "",
            "state": self.state,
        }
        return {name: value for name, value in made.items() if value}

    def told(self) -> list[tuple[str, str, str]]:
        """What narrows the list: parameter, its name, its value."""
        values = {
            "operator": self.operator.name if self.operator else "",
            "kind": str(words.PAID.get(self.kind, "")),
            "from": f"{self.first:%m.%Y}" if self.first else "",
            "to": f"{self.last:%m.%Y}" if self.last else "",
            "state": str(STATES.get(self.state, "")),
        }
        labels = {
            "operator": gettext("Operator"),
            "kind": gettext("Tax"),
            "from": gettext("From the month"),
            "to": gettext("To the month"),
            "state": gettext("State"),
        }
        return [(name, labels[name], value) for name, value in values.items() if value]

    def chips(self) -> list[tuple[str, str, str]]:
        """What narrows the list: its name, its value, the address without it."""
        return [(label, value, here(**{name: None})) for name, label, value in self.told()]


def read(query: Mapping[str, str], names: Names) -> Asked:
    """What an address asks; what is not understood is an error of its field."""
    asked = Asked()
    if text := query.get("operator", ""):
        asked.operator = names.operator(text)
        if asked.operator is None:
            asked.errors["operator"] = lazy_gettext("Choose an operator from the list.")
    for name, known in (("kind", words.PAID), ("state", STATES)):
        text = query.get(name, "")
        if text and text not in known:
            asked.errors[name] = lazy_gettext("Choose from the list.")
        else:
            setattr(asked, name, text)
    asked.first, asked.last = _month(query, "from", asked), _month(query, "to", asked)
    if asked.first and asked.last and asked.last < asked.first:
        asked.errors["to"] = lazy_gettext("The end is not after the beginning.")
    return asked


def _month(query: Mapping[str, str], name: str, asked: Asked) -> date | None:
    text = query.get(name, "")
    if not text:
        return None
    if re.fullmatch(r"2[01]\d\d-(0[1-9]|1[0-2])", text, re.ASCII):
        return date.fromisoformat(f"{text}-01")
    asked.errors[name] = lazy_gettext("Write a month as 2026-10.")
    return None
