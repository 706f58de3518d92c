"""What registered things are called, in the language of the request, for pages of any domain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from psycopg.rows import tuple_row

from portal import db
from portal.web.alphabet import alphabetical
from portal.web.i18n import language
from portal.web.urls import LONGEST_ID


# Made by the thousand: a frozen one takes several times as long to make.
@dataclass(slots=True, unsafe_hash=True)
class Named:
    """A registered thing; ``operator_id`` is whose it is, where that was asked for."""

    id: int
    code: str
    name_uk: str
    name_en: str
    operator_id: int | None = None

    @property
    def name(self) -> str:
        """Its name in the language of the request."""
        return self.called(language() == "uk")

    def called(self, ukrainian: bool) -> str:
        """The same for those who name thousands, and so ask for the language once."""
        return self.name_uk if ukrainian else self.name_en


@dataclass(frozen=True)
class Currency:
    """A currency by ISO 4217: numeric ``id``, letter ``code``, and its minor ``digits``."""

    id: int
    code: str
    digits: int


@dataclass(frozen=True)
class Names:
    """Operators, gambling types and currencies that the reader may see, by id."""

    operators: dict[int, Named]
    gambling_types: dict[int, Named]
    currencies: dict[int, Currency]

    def operator(self, text: str) -> Named | None:
        """The operator whose id an address gives; None for another's, for none and for no id."""
        fits = text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID
        return self.operators.get(int(text)) if fits else None

    def operator_choices(self) -> list[tuple[int, str]]:
        """Operators for a list of choices: id and name, in alphabetical order."""
        ukrainian = language() == "uk"  # asked once: there may be a thousand
        named = [(one.id, one.called(ukrainian)) for one in self.operators.values()]
        return sorted(named, key=lambda pair: alphabetical(pair[1]))

    def gambling_choices(self) -> list[tuple[str, str]]:
        """Gambling types for a list of choices: code and name."""
        return [(one.code, one.name) for one in self.gambling_types.values()]

    def currency_choices(self) -> list[tuple[str, str]]:
        """Currencies for a list of choices: the hryvnia, then all others by code."""
        codes = (one.code for one in self.currencies.values())
        return [(code, code) for code in sorted(codes, key=lambda code: (code != "UAH", code))]

    def gambling_type(self, code: str) -> Named | None:
        """The gambling type with this code."""
        return next((one for one in self.gambling_types.values() if one.code == code), None)

    def currency(self, code: str) -> Currency | None:
        """The currency with this letter code."""
        return next((one for one in self.currencies.values() if one.code == code), None)


@dataclass(frozen=True)
class Objects:
    """Registered objects by id, as a page of transactions or a report refers to them."""

    licences: dict[int, Named]
    channels: dict[int, Named]
    equipment: dict[int, Named]
    games: dict[int, Named]


def read_names(conn: db.Connection) -> Names:
    """The names that filters and tables need, within the reader's rights."""
    rows = db.call_as(conn, tuple_row, "api.names")
    return Names(
        {row[1]: Named(*row[1:]) for row in rows if row[0] == "operator"},
        {row[1]: Named(*row[1:]) for row in rows if row[0] == "gambling_type"},
        {
            number: Currency(number, code, int(digits))
            for kind, number, code, digits, _ in rows
            if kind == "currency"
        },
    )


def read_currencies(conn: db.Connection) -> Names:
    """Currencies alone, for a page that asks for no operator: of those there may be a thousand."""
    rows = conn.execute("select c.id, c.code, c.minor_digits from api.currency as c")
    return Names(
        {},
        {},
        {row["id"]: Currency(row["id"], row["code"], row["minor_digits"]) for row in rows},
    )


def read_objects(
    conn: db.Connection,
    *,
    licences: Iterable[int] = (),
    channels: Iterable[int] = (),
    equipment: Iterable[int] = (),
    games: Iterable[int] = (),
) -> Objects:
    """The objects with these ids; what the reader may not see is left out, 0 is nothing."""
    asked = [sorted({one for one in ids if one}) for ids in (licences, channels, equipment, games)]
    rows = db.call(conn, "api.object_names", *asked)
    owners = _owners(conn, *asked)
    for row in rows:
        row["operator_id"] = owners.get((row["kind"], row["id"]))
    return Objects(
        *(
            _by_id(row for row in rows if row["kind"] == kind)
            for kind in ("licence", "channel", "equipment", "game")
        )
    )


def _by_id(rows: Iterable[db.Row]) -> dict[int, Named]:
    return {
        row["id"]: Named(
            row["id"], row["code"], row["name_uk"], row["name_en"], row.get("operator_id")
        )
        for row in rows
    }


def _owners(
    conn: db.Connection,
    licences: list[int],
    channels: list[int],
    equipment: list[int],
    games: list[int],
) -> dict[tuple[str, int], int]:
    """Whose each of them is, by kind and id."""
    rows = conn.execute(
        "select 'licence' as kind, l.id, l.operator_id from api.licence as l where l.id = any (%s)"
        " union all"
        " select 'channel', c.id, c.operator_id from api.channel as c where c.id = any (%s)"
        " union all"
        " select 'equipment', e.id, e.operator_id from api.equipment as e where e.id = any (%s)"
        " union all"
        " select 'game', g.id, g.operator_id from api.game as g where g.id = any (%s)",
        (licences, channels, equipment, games),
    )
    return {(row["kind"], row["id"]): row["operator_id"] for row in rows}
