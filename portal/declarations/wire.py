"""Declarations on the wire: from the bytes of a body to checked declarations, and back.

A body is a JSON array of up to 100 declarations. Every fault is named by declaration and field, as
for batches; nothing of the body stands in an answer that refuses it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date
from decimal import Decimal
from typing import Any, NoReturn

from portal import db
from portal.declarations.gateway import BASES, NEWEST_VERSION, TYPES, Day, Month
from portal.ingest.fields import MAX_AMOUNT_MINOR
from portal.ingest.problems import FieldError, Refusal

MAX_DECLARATIONS = 100
LONGEST_REASON = 2_000
MAX_COUNT = 10**12
FIRST_YEAR, LAST_YEAR = 2000, 2199
DAY_FIELDS = (
    "day",
    "currency",
    "version",
    *TYPES,
    "opening_balance",
    "closing_balance",
    "open_bets",
)
MONTH_FIELDS = ("month", "currency", "gambling_type", "version", "basis", "ggr")
TOTAL_FIELDS = ("count", "amount")

_AMOUNT = re.compile(r"(-?)(0|[1-9][0-9]{0,15})(?:\.([0-9]{1,4}))?").fullmatch
_LONG_AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?").fullmatch
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}").fullmatch

Currencies = Mapping[str, tuple[int, int]]


class Known:
    """What may be named: currencies (number, minor digits) and kinds of gambling, by code."""

    def __init__(self, currencies: Currencies, gambling_types: Mapping[str, int]) -> None:
        self.currencies = currencies
        self.gambling_types = gambling_types
        self.currency_codes = {
            number: (code, digits) for code, (number, digits) in currencies.items()
        }
        self.gambling_codes = {number: code for code, number in gambling_types.items()}


class _Twice(dict[str, Any]):
    """An object of the body that names a member twice."""


class _Reader:
    """One declaration, read field by field; faults are gathered."""

    def __init__(self, index: int, given: Mapping[str, Any], where: str = "") -> None:
        self.index = index
        self.given = given
        self.where = where
        self.errors: list[FieldError] = []

    def fault(self, code: str, field: str = "") -> None:
        self.errors.append(FieldError.at(self.index, code, f"{self.where}{field}".rstrip("/")))

    def fields(self, required: Sequence[str], optional: Sequence[str] = ()) -> None:
        """Whether it has the fields it must have and no other."""
        if isinstance(self.given, _Twice):
            self.fault("duplicate_field")
        if self.given.keys() - {*required, *optional}:
            self.fault("unknown_field")
        for name in required:
            if name not in self.given:
                self.fault("missing_field", name)

    def text(self, name: str) -> str | None:
        if name not in self.given:
            return None
        value = self.given[name]
        if not isinstance(value, str):
            self.fault("wrong_type", name)
            return None
        return value

    def chosen(self, name: str, known: Mapping[str, Any], code: str) -> Any:
        text = self.text(name)
        if text is None:
            return None
        if text not in known:
            self.fault(code, name)
            return None
        return known[text]

    def whole(self, name: str, least: int, most: int, code: str) -> int:
        value = self.given.get(name, least)
        if not isinstance(value, int) or isinstance(value, bool):
            self.fault("wrong_type", name)
        elif not least <= value <= most:
            self.fault(code, name)
        else:
            return value
        return least

    def amount(self, name: str, digits: int | None) -> int:
        """Minor units of a decimal string, which may be negative; 0 where it is none."""
        text = self.text(name)
        if text is None:
            return 0
        match = _AMOUNT(text)
        if match is None:
            shaped = _LONG_AMOUNT(text) and not re.match(r"-?0[0-9]", text)
            whole = text.lstrip("-").partition(".")[0]
            code = "amount_too_large" if len(whole) > 16 else "amount_too_precise"
            self.fault(code if shaped else "invalid_amount", name)
            return 0
        fraction = match[3] or ""
        places = len(fraction) if digits is None else digits
        if len(fraction) > places:
            self.fault("amount_too_precise", name)
            return 0
        minor = int(match[2] + fraction.ljust(places, "0"))
        if minor > MAX_AMOUNT_MINOR:
            self.fault("amount_too_large", name)
            return 0
        return -minor if match[1] else minor

    def read_date(self, name: str, shape: Callable[[str], Any], added: str, code: str) -> date:
        text = self.text(name)
        if text is not None:
            try:
                if shape(text) and FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
                    return date.fromisoformat(text + added)
            except ValueError:
                pass
            self.fault(code, name)
        return date.min

    def reason(self) -> str | None:
        text = self.text("reason")
        if text is None:
            return None
        plain = text.strip()
        lasting = all(char.isprintable() or char == "\n" for char in plain)
        if not plain or len(plain) > LONGEST_REASON or not lasting:
            self.fault("invalid_reason", "reason")
        return plain


def decode_days(data: bytes, known: Known) -> list[Day]:
    """The declarations of days in a body. Raises Refusal with every fault that is found."""
    return _decode(data, lambda index, given: _day(_Reader(index, given), known))


def decode_months(data: bytes, known: Known) -> list[Month]:
    """The declarations of months in a body. Raises Refusal with every fault that is found."""
    return _decode(data, lambda index, given: _month(_Reader(index, given), known))


def _decode(
    data: bytes, read: Callable[[int, Mapping[str, Any]], tuple[Any, list[FieldError]]]
) -> list[Any]:
    made, errors = [], []
    for index, given in enumerate(_objects(data)):
        one, faults = read(index, given)
        made.append(one)
        errors += faults
    if errors:
        raise Refusal.of_records(errors)
    return made


def _objects(data: bytes) -> Iterator[Mapping[str, Any]]:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Refusal("invalid_encoding") from None
    try:
        parsed = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Refusal("malformed_json") from None
    if not isinstance(parsed, list):
        raise Refusal("malformed_json")
    if not parsed:
        raise Refusal("empty_batch")
    if len(parsed) > MAX_DECLARATIONS:
        raise Refusal("too_many_declarations")
    wrong = [
        FieldError.at(index, "malformed_json")
        for index, one in enumerate(parsed)
        if not isinstance(one, dict)
    ]
    if wrong:
        raise Refusal("malformed_json", wrong)
    return iter(parsed)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else _Twice(made)


def _refuse(_: str) -> NoReturn:
    raise ValueError("no such number in JSON")


def _day(read: _Reader, known: Known) -> tuple[Day, list[FieldError]]:
    read.fields(DAY_FIELDS, ("reason",))
    number, digits = _currency(read, known)
    counts, amounts = [], []
    for name in TYPES:
        given = read.given.get(name)
        if not isinstance(given, dict):
            if name in read.given:
                read.fault("wrong_type", name)
            continue
        part = _Reader(read.index, given, f"{name}/")
        part.fields(TOTAL_FIELDS)
        counts.append(part.whole("count", -MAX_COUNT, MAX_COUNT, "invalid_count"))
        amounts.append(part.amount("amount", digits))
        read.errors += part.errors
    made = Day(
        read.read_date("day", _DAY, "", "invalid_day"),
        number,
        read.whole("version", 1, NEWEST_VERSION, "invalid_version"),
        tuple(counts),
        tuple(amounts),
        read.amount("opening_balance", digits),
        read.amount("closing_balance", digits),
        read.amount("open_bets", digits),
        read.reason(),
    )
    return made, read.errors


def _month(read: _Reader, known: Known) -> tuple[Month, list[FieldError]]:
    read.fields(MONTH_FIELDS, ("reason",))
    number, digits = _currency(read, known)
    kind = read.chosen("gambling_type", known.gambling_types, "unknown_gambling_type")
    basis = read.chosen("basis", {name: name for name in BASES}, "invalid_basis")
    made = Month(
        read.read_date("month", _MONTH, "-01", "invalid_month"),
        number,
        kind or 0,
        read.whole("version", 1, NEWEST_VERSION, "invalid_version"),
        basis or "",
        read.amount("ggr", digits),
        read.reason(),
    )
    return made, read.errors


def _currency(read: _Reader, known: Known) -> tuple[int, int | None]:
    found = read.chosen("currency", known.currencies, "unknown_currency")
    return found or (0, None)


def day_document(row: db.Row, known: Known) -> dict[str, Any]:
    """A stored declaration of a day as it is answered."""
    code, digits = known.currency_codes[row["currency"]]
    return {
        "day": row["day"].isoformat(),
        "currency": code,
        "version": row["version"],
        **{
            name: {
                "count": row[f"{name}_count"],
                "amount": decimal(row[f"{name}_minor"], digits),
            }
            for name in TYPES
        },
        "opening_balance": decimal(row["opening_balance_minor"], digits),
        "closing_balance": decimal(row["closing_balance_minor"], digits),
        "open_bets": decimal(row["open_bets_minor"], digits),
        **_stored(row),
    }


def month_document(row: db.Row, known: Known) -> dict[str, Any]:
    """A stored declaration of a month as it is answered."""
    code, digits = known.currency_codes[row["currency"]]
    return {
        "month": f"{row['month']:%Y-%m}",
        "currency": code,
        "gambling_type": known.gambling_codes[row["gambling_type_id"]],
        "version": row["version"],
        "basis": row["basis"],
        "ggr": decimal(row["ggr_minor"], digits),
        **_stored(row),
    }


def _stored(row: db.Row) -> dict[str, Any]:
    reason = {} if row["reason"] is None else {"reason": row["reason"]}
    moment = f"{row['declared_at'].astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
    return {**reason, "declared_at": moment, "entry_hash": bytes(row["entry_hash"]).hex()}


def decimal(minor: int, digits: int) -> str:
    """Minor units as the wire has them: 12345 with 2 digits is ``123.45``."""
    return f"{Decimal(minor).scaleb(-digits):f}"
