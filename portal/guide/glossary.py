"""The glossary: every measure and field the portal shows, from ``glossary.toml``.

Components ask for an entry by its key (:func:`entry`) and show it in place; the page shows all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Flask, g

from portal.web.alphabet import alphabetical
from portal.web.htmx import fragment_wanted
from portal.web.i18n import LazyString, language, lazy_gettext

FILE = Path(__file__).with_name("glossary.toml")
GROUPS = {
    "money": lazy_gettext("Money and play"),
    "arrival": lazy_gettext("What comes in"),
    "marks": lazy_gettext("Marks on records"),
    "registry": lazy_gettext("Registers and records"),
    "log": lazy_gettext("The log"),
    "people": lazy_gettext("People and roles"),
    "reading": lazy_gettext("How figures are read"),
}
UNITS = {
    "money": lazy_gettext("money, exact to the smallest unit of the currency"),
    "count": lazy_gettext("a whole number"),
    "percent": lazy_gettext("per cent"),
    "time": lazy_gettext("a moment in Kyiv time"),
    "text": "",
}
BASES = {
    "law": lazy_gettext("A normative act"),
    "published": lazy_gettext("Public documents and announcements of regulators"),
    "standard": lazy_gettext("A technical standard"),
    "format": lazy_gettext("Dozir's format of exchange, version 1"),
    "ours": lazy_gettext("A decision of Dozir's"),
}


@dataclass(frozen=True)
class Wording:
    """An entry in one language; ``note`` explains where its definition comes from."""

    name: str
    text: str
    formula: str = ""
    note: str = ""


@dataclass(frozen=True)
class Entry:
    """A term: its words in each language, its unit, where it is stored, who defined it so."""

    key: str
    group: str
    unit: str
    source: tuple[str, ...]
    basis: str
    words: dict[str, Wording]

    @property
    def _own(self) -> Wording:
        return self.words[language()]

    @property
    def name(self) -> str:
        """What it is called in the language of the request."""
        return self._own.name

    @property
    def definition(self) -> str:
        """What it means."""
        return self._own.text

    @property
    def formula(self) -> str:
        """How it is computed; empty for what is not."""
        return self._own.formula

    @property
    def note(self) -> str:
        """What to know about where the definition comes from."""
        return self._own.note

    @property
    def unit_words(self) -> LazyString | str:
        """Its unit; empty for text."""
        return UNITS[self.unit]

    @property
    def basis_words(self) -> LazyString:
        """Whose definition it is."""
        return BASES[self.basis]

    def matches(self, wanted: str) -> bool:
        """Whether a search finds it: in its names in both languages, its words or its key."""
        names = (one.name for one in self.words.values())
        own = (self._own.text, self._own.formula, self.key.replace("_", " "))
        return any(wanted in folded(part) for part in (*names, *own))


@cache
def entries() -> dict[str, Entry]:
    """All entries by key."""
    return {
        key: Entry(
            key,
            one["group"],
            one["unit"],
            tuple(one["source"]),
            one["basis"],
            {code: Wording(**one[code]) for code in ("uk", "en")},
        )
        for key, one in tomllib.loads(FILE.read_text("utf-8")).items()
    }


def entry(key: str) -> Entry:
    """The entry of a term; a term without one fails the page that names it."""
    return entries()[key]


def folded(text: str) -> str:
    """Text as a search compares it: case and the shapes of the apostrophe do not count."""
    return text.casefold().replace("'", "’").replace("ʼ", "’").strip()


def found(wanted: str) -> list[Entry]:
    """The entries that a search finds, in the alphabet of the language; all for an empty one."""
    wanted = folded(wanted)
    chosen: Iterable[Entry] = entries().values()
    if wanted:
        chosen = (one for one in chosen if one.matches(wanted))
    return sorted(chosen, key=lambda one: alphabetical(one.name))


def by_letter(chosen: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Entries under the first letter of their names, in the order they came."""
    letters: dict[str, list[Entry]] = {}
    for one in chosen:
        letters.setdefault(one.name[:1].upper(), []).append(one)
    return letters


def card_id(key: str) -> str:
    """An id for one more showing of a term on this page; those of a fragment are its own."""
    g.term_cards = g.get("term_cards", 0) + 1
    return f"{'part' if fragment_wanted() else 'term'}-{key}-{g.term_cards}"


def init_app(app: Flask) -> None:
    """Give templates the entries."""
    app.jinja_env.globals.update(glossary_entry=entry, card_id=card_id)
