"""The rules for one record of a batch, every fault noted with its pointer and code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from msgspec import UNSET

from portal.ingest import values
from portal.ingest.decoded import OptionalText
from portal.ingest.fields import (
    BET,
    BONUS_FLAG,
    CANCEL_REASONS,
    FIELDS,
    LAST_TYPE_WITH_ROUND,
    PAYMENTS,
    REQUIRED,
    TYPES,
)
from portal.ingest.problems import MAX_ERRORS, FieldError
from portal.ingest.values import NIL_BYTES, InvalidError

NUMBER = object()  # stands for any JSON number: no field is one
_CANCELS_FIELDS = ("id", "reason")
_CANCELS_KNOWN = frozenset(_CANCELS_FIELDS)

Value = TypeVar("Value")
Absent = TypeVar("Absent")


class DuplicateFields(dict[str, Any]):
    """An object that named a field more than once."""


class Row(NamedTuple):
    """A record in values; 16 zero bytes, 0 or UNSET where a field is absent or faulty."""

    id: bytes
    occurred_ms: int
    type: int
    amount_minor: int
    currency: int
    licence: OptionalText
    channel: OptionalText
    equipment: OptionalText
    game: OptionalText
    round_id: bytes
    player: bytes
    payment: int
    flags: int
    cancels: bytes
    cancel_reason: int
    exclusion_receipt: bytes


class RecordChecker:
    """Checks the records of one batch; lists the first faults and counts them all."""

    def __init__(self, currencies: Mapping[str, tuple[int, int]]) -> None:
        """``currencies``: ISO code to number and minor digits."""
        self.errors: list[FieldError] = []
        self.total = 0
        self._currencies = currencies
        self._ids: set[bytes] = set()
        self._cancelled: set[bytes] = set()
        self._index = 0

    def fail(self, code: str, field: str = "") -> None:
        """Note a fault of the current record; ``field`` is a name or path of ours."""
        self.total += 1
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(FieldError.at(self._index, code, field))

    def too_large(self, index: int) -> None:
        """Note a record that was not read because of its length."""
        self._index = index
        self.fail("record_too_large")

    def check(self, record: Any, index: int) -> Row | None:
        """Return the values of a valid record, or None after noting its faults."""
        self._index = index
        faults_before = self.total
        if not isinstance(record, dict):
            self.fail("wrong_type")
            return None
        row = self._row(record)
        return row if self.total == faults_before else None

    def _row(self, record: dict[str, Any]) -> Row:
        self._check_names(record, FIELDS, REQUIRED)
        kind = self._read(record, "type", _type, 0)
        own_id, occurred_ms = self._id_and_time(record)
        amount, currency = self._money(record)
        cancels, cancel_reason = self._cancels(record, own_id)
        return Row(
            id=own_id,
            occurred_ms=occurred_ms,
            type=kind,
            amount_minor=amount,
            currency=currency,
            licence=self._read(record, "licence", values.registered_code, UNSET),
            channel=self._read(record, "channel", values.registered_code, UNSET),
            equipment=self._read(record, "equipment", values.registered_code, UNSET),
            game=self._read(record, "game", values.registered_code, UNSET),
            round_id=self._round_id(record, kind),
            player=self._read(record, "player", values.pseudonym, NIL_BYTES),
            payment=self._read(record, "payment", _payment, 0),
            flags=self._flags(record, kind),
            cancels=cancels,
            cancel_reason=cancel_reason,
            exclusion_receipt=self._read(record, "exclusion_receipt", _receipt, NIL_BYTES),
        )

    def _check_names(
        self,
        fields: dict[str, Any],
        known: frozenset[str],
        required: Iterable[str],
        path: str = "",
    ) -> None:
        """Note fields that are unknown (never by their name), named twice or missing."""
        if not fields.keys() <= known:
            self.fail("unknown_field", path)
        if isinstance(fields, DuplicateFields):
            self.fail("duplicate_field", path)
        for name in required:
            if name not in fields:
                self.fail("missing_field", f"{path}/{name}" if path else name)

    def _read(
        self,
        record: dict[str, Any],
        name: str,
        convert: Callable[[str], Value],
        absent: Absent,
        path: str = "",
    ) -> Value | Absent:
        """Convert a text field; ``absent`` where it is missing or, once noted, faulty."""
        if name not in record:
            return absent
        text = record[name]
        try:
            if not isinstance(text, str):
                raise InvalidError("wrong_type")
            return convert(text)
        except InvalidError as fault:
            self.fail(fault.code, path + name)
            return absent

    def _id_and_time(self, record: dict[str, Any]) -> tuple[bytes, int]:
        own_id = self._read(record, "id", values.uuid_7, NIL_BYTES)
        occurred_ms = self._read(record, "occurred_at", values.unix_ms, None)
        if occurred_ms is not None:
            if occurred_ms < 0:  # no id can carry it, and no archive reaches back to it
                self.fail("occurred_at_too_old", "occurred_at")
            elif own_id != NIL_BYTES and int.from_bytes(own_id[:6], "big") != occurred_ms:
                self.fail("id_time_mismatch", "id")
        if own_id in self._ids:
            self.fail("duplicate_id_in_batch", "id")
        if own_id != NIL_BYTES:
            self._ids.add(own_id)
        return own_id, occurred_ms or 0

    def _money(self, record: dict[str, Any]) -> tuple[int, int]:
        number, digits = self._read(record, "currency", self._currency, (0, None))
        amount = self._read(record, "amount", lambda text: values.amount_minor(text, digits), 0)
        return amount, number

    def _currency(self, text: str) -> tuple[int, int | None]:
        if text not in self._currencies:
            raise InvalidError("unknown_currency")
        return self._currencies[text]

    def _round_id(self, record: dict[str, Any], kind: int) -> bytes:
        if 0 < kind <= LAST_TYPE_WITH_ROUND and "round_id" not in record:
            self.fail("round_id_required", "round_id")
        return self._read(record, "round_id", _round, NIL_BYTES)

    def _flags(self, record: dict[str, Any], kind: int) -> int:
        bonus = record.get("bonus", False)
        if not isinstance(bonus, bool):
            self.fail("wrong_type", "bonus")
            return 0
        if bonus and kind not in (BET, 0):
            self.fail("bonus_not_allowed", "bonus")
        return BONUS_FLAG if bonus else 0

    def _cancels(self, record: dict[str, Any], own_id: bytes) -> tuple[bytes, int]:
        if "cancels" not in record:
            return NIL_BYTES, 0
        cancels = record["cancels"]
        if not isinstance(cancels, dict):
            self.fail("wrong_type", "cancels")
            return NIL_BYTES, 0
        self._check_names(cancels, _CANCELS_KNOWN, _CANCELS_FIELDS, "cancels")
        target = self._read(cancels, "id", values.uuid_7, NIL_BYTES, "cancels/")
        reason = self._read(cancels, "reason", _reason, 0, "cancels/")
        if target != NIL_BYTES:
            if target == own_id:
                self.fail("cancels_itself", "cancels/id")
            if target in self._cancelled:
                self.fail("cancelled_twice_in_batch", "cancels/id")
            self._cancelled.add(target)
        return target, reason


def _type(text: str) -> int:
    return values.name_of(text, TYPES, "invalid_type")


def _payment(text: str) -> int:
    return values.name_of(text, PAYMENTS, "invalid_payment")


def _reason(text: str) -> int:
    return values.name_of(text, CANCEL_REASONS, "invalid_cancel_reason")


def _round(text: str) -> bytes:
    return values.uuid(text, "invalid_round_id")


def _receipt(text: str) -> bytes:
    return values.uuid(text, "invalid_exclusion_receipt")
