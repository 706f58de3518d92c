"""Cells: exact values, and the one text of each that hashes are made over.

A value has one canonical text whatever file it stands in, so that CSV, XLSX, JSON and Parquet of
one export have one hash: numbers in decimal notation without needless zeros, dates and moments
(UTC) in ISO 8601, nothing as an empty text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from portal.exports.table import NUMBERS, Column, Value
from portal.web.formats import KYIV

Exact = str | int | Decimal | date | datetime | None
LONGEST_TEXT = 32_767  # what a cell of a spreadsheet holds
# Never rounds what a column holds: 38 digits are the most that Parquet's decimals have.
_CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP)
# Characters that XML, and with it XLSX, cannot hold; line ends of all systems are one.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?")


def exact_of(column: Column) -> Callable[[Value], Exact]:
    """What turns a value of this column into what files hold."""
    step = Decimal(1).scaleb(-column.digits)

    def text(value: Value) -> Exact:
        return None if value is None else storable(str(value)) or None

    def count(value: Value) -> Exact:
        return None if value is None else int(value)  # type: ignore[arg-type]

    def money(value: Value) -> Exact:
        if value is None:
            return None
        return Decimal(int(value)).scaleb(-column.digits, _CONTEXT)  # type: ignore[arg-type]

    def decimal(value: Value) -> Exact:
        return None if value is None else _rounded(value, step)

    def percent(value: Value) -> Exact:
        if value is None:
            return None
        ratio = value if isinstance(value, Fraction) else Fraction(value)  # type: ignore[arg-type]
        return _rounded(100 * ratio, step)

    def day(value: Value) -> Exact:
        return value.date() if isinstance(value, datetime) else value  # type: ignore[return-value]

    def moment(value: Value) -> Exact:
        if value is None:
            return None
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise TypeError(f"{column.name}: not a moment with its zone")
        kept = 0 if column.precision == "second" else value.microsecond // 1000 * 1000
        return value.astimezone(UTC).replace(microsecond=kept)

    return {
        "text": text,
        "count": count,
        "money": money,
        "decimal": decimal,
        "percent": percent,
        "date": day,
        "moment": moment,
    }[column.kind]


def _rounded(value: Value, step: Decimal) -> Decimal:
    """To the column's digits, half away from zero."""
    if isinstance(value, Fraction):
        scaled = abs(value) / Fraction(step)
        whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
        found = _CONTEXT.multiply(Decimal(whole), step)
        return -found if value < 0 and found else found
    return Decimal(value).quantize(step, context=_CONTEXT)  # type: ignore[arg-type]


def storable(text: str) -> str:
    """Text as every kind of file can hold it, and give back."""
    text = _UNSTORABLE.sub("\ufffd", _LINE_ENDS.sub("\n", text))
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def canonical_of(column: Column) -> Callable[[Exact], str]:
    """What turns an exact value of this column into the text that is hashed."""
    if column.kind in NUMBERS:
        return _number
    if column.kind == "moment":
        return utc_text
    if column.kind == "date":
        return lambda value: "" if value is None else value.isoformat()  # type: ignore[union-attr]
    return lambda value: "" if value is None else str(value)


def _number(value: Exact) -> str:
    if value is None:
        return ""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def number_text(value: int | Decimal, sign: str) -> str:
    """A number with all its digits and this decimal sign, without grouping."""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text.replace(".", sign)


def utc_text(value: Exact) -> str:
    """A moment in UTC, with milliseconds where it has some."""
    if not isinstance(value, datetime):
        return ""
    utc = value.astimezone(UTC)
    fine = f".{utc.microsecond // 1000:03}" if utc.microsecond else ""
    return f"{utc.year:04}-{utc:%m-%dT%H:%M:%S}{fine}Z"


def on_a_clock(value: datetime) -> datetime | None:
    """What a clock in Kyiv shows; None where that would not tell which moment it is.

    In the hour that comes twice in October a clock alone does not say which of the two is meant.
    """
    local = value.astimezone(KYIV)
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        return None
    offset = local.utcoffset()
    if offset is None or offset.seconds % 60:  # before 1924 Kyiv kept its own mean time
        return None
    return local.replace(tzinfo=None)


def from_clock(value: datetime) -> datetime:
    """The moment that a clock in Kyiv, or one with an offset of its own, shows."""
    return (value if value.tzinfo else value.replace(tzinfo=KYIV)).astimezone(UTC)
