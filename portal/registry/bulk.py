"""Many records from one table: its headings as attributes, its cells as what a form would be given.

What belongs into a cell is what people type into the field of the single form; whether it may stand
there the database says, by the same rules (``registry.check_rows``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal import db
from portal.registry import forms
from portal.registry.catalogue import Attribute, Catalogue, Kind
from portal.registry.sheets import MOST_ROWS

__all__ = ["MOST_ROWS", "Headings", "attributes_of", "heading", "proposals_of", "read_headings"]

REQUIRED_SIGN = "*"
SEPARATORS = re.compile("[;,]")
# A day as spreadsheets in Ukraine write it into CSV.
DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")

Proposals = list[tuple[int, dict[str, Any]]]


@dataclass(frozen=True)
class Headings:
    """Which attribute stands in which column; what is wrong with the headings."""

    columns: tuple[Attribute | None, ...]
    unknown: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    missing: tuple[Attribute, ...] = ()

    @property
    def wrong(self) -> bool:
        """Whether no row can be read under them."""
        return bool(self.unknown or self.twice or self.missing)


def attributes_of(kind: Kind) -> list[Attribute]:
    """What a table of this kind may have as columns, in the order of the form."""
    return [one for attributes in kind.steps().values() for one in attributes if _typed(one)]


def _typed(attribute: Attribute) -> bool:
    return attribute.editable != "never" and attribute.data_type not in ("parts", "texts")


def heading(attribute: Attribute) -> str:
    """What stands above a column in the language of the request."""
    unit = ", %" if attribute.unit == "ppm" else ""
    return f"{attribute.label}{unit}{' ' + REQUIRED_SIGN if attribute.required else ''}"


def _folded(text: str) -> str:
    """A heading as it is compared: people lose stars, per cents, capitals and spaces."""
    plain = text.replace("`", "’").replace("'", "’").casefold()
    return " ".join(plain.removesuffix(REQUIRED_SIGN).strip().removesuffix(", %").split())


def read_headings(kind: Kind, texts: Sequence[str]) -> Headings:
    """The attributes that headings name: by name, or by their words in either language."""
    own = attributes_of(kind)
    known: dict[str, Attribute] = {}
    for one in own:
        for words in (one.label_uk, one.label_en, one.name):
            known[_folded(words)] = one
    columns = tuple(known.get(_folded(text)) for text in texts)
    named = [one for one in columns if one]
    return Headings(
        columns,
        tuple(text[:100] for text, one in zip(texts, columns, strict=True) if one is None),
        tuple(heading(one) for one in own if named.count(one) > 1),
        tuple(one for one in own if one.required and one not in named),
    )


def proposals_of(
    conn: db.Connection,
    catalogue: Catalogue,
    kind: Kind,
    operator_id: int | None,
    rows: Iterable[tuple[int, Mapping[str, str]]],
) -> Proposals:
    """What rows propose: a value for each cell that holds something, by name of attribute.

    A name that is no attribute of the kind stays, for the database to refuse.
    """
    given = list(rows)
    own = {one.name: one for one in attributes_of(kind)}
    records = _records(conn, own.values(), given, operator_id)
    choices = {one.name: _choices(catalogue, one) for one in own.values() if one.choice_list}

    def value(name: str, text: str) -> Any:
        attribute = own.get(name)
        if attribute is None:
            return text
        if attribute.name in choices:
            return _chosen(attribute, choices[name], text)
        if attribute.data_type == "moment" and (day := DAY.fullmatch(text)):
            text = f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
        return forms.given(attribute, text, None, {}, lambda of, code: records.get((of, code)))

    made: Proposals = []
    for number, cells in given:
        safe = {name: forms.safe(text) for name, text in cells.items()}
        made.append(
            (number, {forms.safe(name): value(name, text) for name, text in safe.items() if text})
        )
    return made


def _records(
    conn: db.Connection,
    attributes: Iterable[Attribute],
    rows: Sequence[tuple[int, Mapping[str, str]]],
    operator_id: int | None,
) -> dict[tuple[str, str], int]:
    """The operator's records that cells name by code, all looked for at once."""
    found: dict[tuple[str, str], int] = {}
    for one in attributes:
        if not one.reference_kind:
            continue
        codes = {forms.safe(cells.get(one.name, "")) for _, cells in rows} - {""}
        asked = conn.execute(
            "select e.code, e.record_id from api.entry as e where e.kind = %s"
            " and e.code = any (%s) and (e.operator_id = %s or e.operator_id = 0)"
            " and e.recorded_until = 'infinity'",
            (one.reference_kind, sorted(codes), operator_id),
        )
        found |= {(one.reference_kind, row["code"]): row["record_id"] for row in asked}
    return found


def _choices(catalogue: Catalogue, attribute: Attribute) -> dict[str, str]:
    """Values of a choice by what people may write: the value, or its words in either language."""
    known: dict[str, str] = {}
    for word in catalogue.choices.get(attribute.choice_list or "", {}).values():
        known |= {_folded(text): word.value for text in (word.name_uk, word.name_en, word.value)}
    return known


def _chosen(attribute: Attribute, known: Mapping[str, str], text: str) -> Any:
    if attribute.data_type == "choice":
        return known.get(_folded(text), text)
    return [known.get(_folded(one), one.strip()) for one in SEPARATORS.split(text) if one.strip()]
