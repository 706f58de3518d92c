"""The catalogue of the registers in the reader's language: kinds, attributes, choices, states.

Lists, records, forms and exports are drawn from it, and from it alone: an attribute that a
migration adds is shown by all of them. A value is shown by its data type (docs/registry.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from babel.numbers import format_decimal

from portal import db
from portal.errors import NotFound
from portal.registry import gateway
from portal.web import formats
from portal.web.i18n import LazyString, gettext, language, lazy_gettext

FOREVER = "infinity"
# How a state looks beside its word; any other is told quietly.
TONES = {
    "active": "ok",
    "installed": "ok",
    "approved": "ok",
    "live": "ok",
    "upcoming": "info",
    "test": "info",
    "registered": "info",
    "submitted": "info",
    "in_review": "info",
    "returned": "attention",
    "suspended": "attention",
    "blocked": "bad",
    "revoked": "bad",
    "refused": "bad",
}
# What a step of a form is called: by the first of these attributes that is in it. A step with none
# of them is called by its first attribute, so that a new one needs no word here.
STEPS: dict[str, LazyString] = {
    "powers": lazy_gettext("Powers and their term"),
    "revoked_at": lazy_gettext("Suspension and revocation"),
    "software_version": lazy_gettext("Software and declared figures"),
    "version": lazy_gettext("Version and declared figures"),
    "address": lazy_gettext("Place"),
    "channel_id": lazy_gettext("Place"),
}
# Members of what a record has several of: what they are called and how they are read.
PARTS: dict[str, tuple[LazyString, str]] = {
    "channel_id": (lazy_gettext("Venue"), "venue"),
    "from": (lazy_gettext("From"), "moment"),
    "until": (lazy_gettext("Until"), "moment"),
    "order": (lazy_gettext("Order"), "text"),
    "grounds": (lazy_gettext("Grounds"), "text"),
    "withdrawn_at": (lazy_gettext("Taken back"), "moment"),
    "withdrawal_grounds": (lazy_gettext("Grounds of taking back"), "text"),
    "lifting_order": (lazy_gettext("Lifted by order"), "text"),
    "lifting_grounds": (lazy_gettext("Grounds of lifting"), "text"),
}


class Reference(NamedTuple):
    """What an attribute refers to."""

    kind: str
    record_id: int


@dataclass(frozen=True)
class Title:
    """What a record that another refers to is called."""

    code: str
    title_uk: str
    title_en: str

    @property
    def title(self) -> str:
        """Its name in the language of the request."""
        return self.title_uk if language() == "uk" else self.title_en


Titles = Mapping[Reference, Title]


@dataclass(frozen=True)
class Word:
    """A choice or a state; ``final`` is a state that a record does not leave."""

    value: str
    name_uk: str
    name_en: str
    final: bool = False

    @property
    def name(self) -> str:
        """What it is called in the language of the request."""
        return self.name_uk if language() == "uk" else self.name_en

    @property
    def tone(self) -> str:
        """How a state looks."""
        return TONES.get(self.value, "quiet")


@dataclass(frozen=True)
class Attribute:
    """A row of ``api.attribute``."""

    kind: str
    name: str
    position: int
    step: int
    data_type: str
    label_uk: str
    label_en: str
    hint_uk: str
    hint_en: str
    required: bool
    editable: str
    listed: bool
    searchable: bool
    private: bool
    choice_list: str | None
    reference_kind: str | None
    unit: str | None
    pattern: str | None
    minimum: Decimal | None
    maximum: Decimal | None
    longest: int
    validator: str | None

    @property
    def label(self) -> str:
        """What it is called in the language of the request."""
        return self.label_uk if language() == "uk" else self.label_en

    @property
    def hint(self) -> str:
        """How it is filled in; '' where nothing needs to be said."""
        return self.hint_uk if language() == "uk" else self.hint_en


@dataclass(frozen=True)
class Kind:
    """A row of ``api.record_kind``; ``attributes`` are there for the kinds that were asked for."""

    kind: str
    position: int
    name_uk: str
    name_en: str
    plural_uk: str
    plural_en: str
    code_attribute: str
    title_uk_attribute: str
    title_en_attribute: str
    since_attribute: str
    until_attribute: str
    state_by: str
    facet_a: str | None
    facet_b: str | None
    proposed_by_operators: bool
    needs_approval: bool
    proposable: bool
    by_file: bool
    of_operators: bool
    attributes: tuple[Attribute, ...] = ()

    @property
    def name(self) -> str:
        """One of them in the language of the request."""
        return self.name_uk if language() == "uk" else self.name_en

    @property
    def plural(self) -> str:
        """The register in the language of the request."""
        return self.plural_uk if language() == "uk" else self.plural_en

    @property
    def facets(self) -> tuple[str, ...]:
        """Attributes by which its records are counted, besides the state."""
        return tuple(name for name in (self.facet_a, self.facet_b) if name)

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of that name."""
        return next((one for one in self.attributes if one.name == name), None)

    def steps(self) -> dict[int, list[Attribute]]:
        """Attributes by step of the form."""
        found: dict[int, list[Attribute]] = {}
        for attribute in sorted(self.attributes, key=lambda one: (one.step, one.position)):
            found.setdefault(attribute.step, []).append(attribute)
        return found

    def step_title(self, attributes: Sequence[Attribute]) -> str:
        """What a step with these attributes is called."""
        names = [one.name for one in attributes]
        if self.code_attribute in names:
            return gettext("General")
        known = next((words for name, words in STEPS.items() if name in names), None)
        if known is not None:
            return str(known)
        if self.since_attribute in names or self.until_attribute in names:
            return gettext("Term")
        return attributes[0].label if attributes else ""


@dataclass(frozen=True)
class Catalogue:
    """Kinds in their order; choices by list, states by workflow, each by value in order."""

    kinds: dict[str, Kind]
    choices: dict[str, dict[str, Word]]
    states: dict[str, dict[str, Word]]

    def kind(self, name: str) -> Kind:
        """The kind of that name; NotFound for none."""
        if name not in self.kinds:
            raise NotFound
        return self.kinds[name]

    def state(self, kind: Kind | None, value: str) -> Word:
        """A state of a record of this kind; of a change where there is no kind."""
        known = self.states.get(kind.state_by if kind else "change", {})
        return known.get(value) or Word(value, value, value)

    def choice(self, choice_list: str | None, value: object) -> str:
        """What a choice is called; one that is no longer in the list stands as it is."""
        known = self.choices.get(choice_list or "", {}).get(str(value))
        return known.name if known else str(value)

    def text(self, attribute: Attribute, value: Any, titles: Titles) -> str:
        """A value of a document as text, by its data type; '' for none."""
        if value is None:
            return ""
        chosen = attribute.choice_list
        match attribute.data_type:
            case "moment":
                text = moment_text(value)
            case "choice":
                text = self.choice(chosen, value)
            case "choices":
                text = ", ".join(self.choice(chosen, one) for one in value)
            case "reference":
                text = title_of(Reference(attribute.reference_kind or "", int(value)), titles)
            case "integer" | "decimal":
                text = number_text(value, attribute.unit)
            case "texts":
                text = ", ".join(str(one) for one in value)
            case "parts":
                text = "; ".join(
                    ", ".join(f"{label}: {told}" for label, told, _ in members)
                    for members in parts(value, titles)
                )
            case _:
                text = str(value)
        return text


Member = tuple[str, str, Reference | None]


def parts(value: Iterable[Mapping[str, Any]], titles: Titles) -> Iterator[list[Member]]:
    """Each of what a record has several of: name, text and, where it is a record, which one."""
    for part in value:
        members: list[Member] = []
        for name, (label, reading) in PARTS.items():
            given = part.get(name)
            if given is None:
                continue
            if reading == "moment":
                members.append((str(label), moment_text(given), None))
            elif reading == "text":
                members.append((str(label), str(given), None))
            else:
                reference = Reference(reading, int(given))
                members.append((str(label), title_of(reference, titles), reference))
        yield members


def references(attribute: Attribute, value: Any) -> Iterator[Reference]:
    """The records that a value of a document refers to."""
    if value is None:
        return
    if attribute.data_type == "reference" and attribute.reference_kind:
        yield Reference(attribute.reference_kind, int(value))
    elif attribute.data_type == "parts":
        for part in value:
            for name, (_, reading) in PARTS.items():
                if reading not in ("moment", "text") and part.get(name) is not None:
                    yield Reference(reading, int(part[name]))


def document_references(kind: Kind, document: Mapping[str, Any]) -> Iterator[Reference]:
    """The records that a document refers to."""
    for attribute in kind.attributes:
        yield from references(attribute, document.get(attribute.name))


def title_of(reference: Reference, titles: Titles) -> str:
    """What the record referred to is called; its number where the reader may not see it."""
    found = titles.get(reference)
    return found.title if found else f"№ {reference.record_id}"


def moment(value: str) -> datetime | None:
    """A moment of a document; None for an open end."""
    return None if value == FOREVER else datetime.fromisoformat(value)


def moment_text(value: str) -> str:
    """A moment of a document in Kyiv time."""
    when = moment(value)
    return gettext("not limited") if when is None else formats.date_time(when)


# By which power of ten documents hold more than people read: per cent, multiples of the stake.
SCALES = {"ppm": 4, "stakes": 6}


def scaled(value: float | Decimal, unit: str | None) -> Decimal:
    """A number of a document as people read it, by the unit of its attribute."""
    return Decimal(str(value)).scaleb(-SCALES.get(unit or "", 0))


def number_text(value: float | Decimal, unit: str | None) -> str:
    """A number with its unit: ppm are read as per cent, stakes as multiples of the stake."""
    exact = scaled(value, unit)
    if unit == "ppm":
        figure = format_decimal(exact, format="#,##0.####", locale=formats.locale())
        return f"{figure}%"
    if unit == "stakes":
        return str(format_decimal(exact, format="#,##0.00####", locale=formats.locale()))
    figure = format_decimal(exact, format="#,##0.######", locale=formats.locale())
    return f"{figure}{formats.NO_BREAK_SPACE if unit and unit != '°' else ''}{unit or ''}"


def read_catalogue(conn: db.Connection, *kinds: str) -> Catalogue:
    """The catalogue, with the attributes of these kinds; NotFound where there is no such kind."""
    choices: dict[str, dict[str, Word]] = {}
    for row in gateway.choices(conn):
        own = choices.setdefault(row["list"], {})
        own[row["value"]] = Word(row["value"], row["name_uk"], row["name_en"])
    states: dict[str, dict[str, Word]] = {}
    for row in gateway.states(conn):
        own = states.setdefault(row["workflow"], {})
        own[row["state"]] = Word(row["state"], row["name_uk"], row["name_en"], row["final"])
    known = {row["kind"]: row for row in gateway.kinds(conn)}
    if not known.keys() >= set(kinds):
        raise NotFound
    return Catalogue(
        {
            name: Kind(**row, attributes=_attributes(conn, name) if name in kinds else ())
            for name, row in known.items()
        },
        choices,
        states,
    )


def read_titles(conn: db.Connection, wanted: Iterable[Reference]) -> dict[Reference, Title]:
    """What these records are called now; those the reader may not see are left out."""
    asked = sorted(set(wanted))
    if not asked:
        return {}
    rows = conn.execute(
        "select e.kind, e.record_id, e.code, e.title_uk, e.title_en"
        " from unnest(%s::text[], %s::integer[]) as w (kind, record_id)"
        " join api.entry as e on e.kind = w.kind and e.record_id = w.record_id"
        " and e.recorded_until = 'infinity'",
        ([one.kind for one in asked], [one.record_id for one in asked]),
    )
    return {
        Reference(row["kind"], row["record_id"]): Title(
            row["code"], row["title_uk"], row["title_en"]
        )
        for row in rows
    }


def _attributes(conn: db.Connection, kind: str) -> tuple[Attribute, ...]:
    return tuple(Attribute(**row) for row in gateway.attributes(conn, kind))
