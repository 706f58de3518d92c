"""Payments of taxes as they are typed and as tables hold them, made what the database takes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from portal.registry.acts import NEEDED, Act
from portal.registry.sheet_reading import Sheet
from portal.taxes import words
from portal.web.formats import NO_BREAK_SPACE
from portal.web.i18n import LANGUAGES, LazyString, gettext, lazy_gettext, speaking

DIGITS = 2  # taxes are paid in hryvnias
MOST = 1000
LARGEST = Decimal(10) ** 15
FIELDS: dict[str, LazyString] = {
    "taxpayer": lazy_gettext("Taxpayer code"),
    "kind": lazy_gettext("Tax"),
    "month": lazy_gettext("For the month"),
    "paid_on": lazy_gettext("Paid on"),
    "amount": lazy_gettext("Amount, UAH"),
    "document": lazy_gettext("Number of the document"),
}
# What the database finds wrong with a payment.
WRONG: dict[str, LazyString] = {
    "required": NEEDED,
    "unknown": lazy_gettext("No organiser has this taxpayer code."),
    "choice": lazy_gettext("Choose a tax from the list."),
    "moment": lazy_gettext("That is still to come, or before 2020."),
    "range": lazy_gettext("This is no sum."),
    "too_long": lazy_gettext("At most %(num)s characters.", num=60),
    "twice": lazy_gettext("This document of this day is recorded already."),
}
UNREADABLE: dict[str, LazyString] = {
    "month": lazy_gettext("Write a month as 2026-10 or 10.2026."),
    "paid_on": lazy_gettext("Write a day as 2026-10-31 or 31.10.2026."),
    "amount": WRONG["range"],
    "kind": WRONG["choice"],
}
Fault = tuple[int, str, LazyString | str]  # row of the table, field, what is wrong


@dataclass
class Payments:
    """Payments ready to be recorded, with the number of each row, or what is wrong with them."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def typed(act: Act) -> dict[str, Any]:
    """One payment of a form; its errors are then at the form's fields."""
    row, wrong = _read({name: act.form.get(name, "") for name in FIELDS})
    act.errors.update(wrong)
    return row


def from_sheet(sheet: Sheet) -> Payments:
    """Payments of a table, its columns found by their headings in either language."""
    places = _places(sheet.headings)
    found = Payments(missing=[str(told) for name, told in FIELDS.items() if name not in places])
    if found.missing:
        return found
    for number, cells in sheet.rows:
        texts = {name: cells[at] if at < len(cells) else "" for name, at in places.items()}
        row, wrong = _read(texts)
        found.rows.append(row)
        found.numbers.append(number)
        found.faults += [(number, name, told) for name, told in wrong.items()]
    return found


def told(faults: Sequence[Mapping[str, Any]], numbers: Sequence[int]) -> list[Fault]:
    """What the database found, by row of the table."""
    return [(numbers[one["row"] - 1], one["attribute"], WRONG[one["code"]]) for one in faults]


def headings() -> list[str]:
    """The headings of a table, in the language of the request."""
    return [str(one) for one in FIELDS.values()]


def _folded(text: str) -> str:
    return " ".join(text.replace(NO_BREAK_SPACE, " ").casefold().split())


def _called(known: Mapping[str, LazyString]) -> dict[str, str]:
    """Codes by what they are called, in either language."""
    names = {code: code for code in known}
    for spoken in LANGUAGES:
        with speaking(spoken):
            names |= {_folded(str(told)): code for code, told in known.items()}
    return names


def _places(texts: Sequence[str]) -> dict[str, int]:
    names = _called(FIELDS)
    places: dict[str, int] = {}
    for place, text in enumerate(texts):
        name = names.get(_folded(text))
        if name and name not in places:
            places[name] = place
    return places


def _read(texts: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, LazyString]]:
    given = {name: text.strip() for name, text in texts.items()}
    row: dict[str, Any] = {"taxpayer": given["taxpayer"], "document": given["document"]}
    wrong: dict[str, LazyString] = {}
    readers = {"kind": _kind, "month": _month, "paid_on": _day, "amount": _amount}
    for name, text in given.items():
        if not text:
            wrong[name] = NEEDED
        elif not text.isprintable():
            wrong[name] = lazy_gettext("There are characters in it that cannot be stored.")
        elif name in readers:
            value = readers[name](text)
            if value is None:
                wrong[name] = UNREADABLE[name]
            row["amount_minor" if name == "amount" else name] = value
    return row, wrong


def _kind(text: str) -> str | None:
    return _called(words.PAID).get(_folded(text))


def _month(text: str) -> str | None:
    found = re.fullmatch(r"(\d{4})-(\d{2})(-\d{2})?|(\d{2})\.(\d{4})", text, re.ASCII)
    if not found:
        return None
    year, month = found[1] or found[5], found[2] or found[4]
    return _iso(f"{year}-{month}-01")


def _day(text: str) -> str | None:
    found = re.fullmatch(r"(\d{2})\.(\d{2})\.(\d{4})", text, re.ASCII)
    return _iso(f"{found[3]}-{found[2]}-{found[1]}" if found else text)


def _iso(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _amount(text: str) -> int | None:
    plain = "".join(text.replace(NO_BREAK_SPACE, " ").split()).replace(",", ".")
    try:
        made = Decimal(plain) if re.fullmatch(r"[0-9.]{1,24}", plain) else Decimal("NaN")
    except InvalidOperation:
        return None
    if not made.is_finite() or not 0 < made <= LARGEST:
        return None
    minor = made.scaleb(DIGITS)
    return int(minor) if minor == minor.to_integral_value() else None


def example() -> list[list[str]]:
    """Headings and a row as an example."""
    row = ["12345678", str(words.PAID["ggr_tax"]), "2026-10", "2026-11-20", "1500000.50"]
    return [headings(), [*row, gettext("No. 15")]]
