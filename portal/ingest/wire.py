"""The batch on the wire, version 1: from the bytes of a body to checked columns.

    decoded = wire.decode(data, kind, currencies)           # Refusal names up to 100 faults
    late = times.check_times(decoded, now_us, oldest_us)    # Refusal; else the mask of late rows
    decoded.licence.distinct, .channel, .equipment, .game   # codes to look up
    wire.check_references(decoded, licence=known, ...)      # Refusal unknown_licence, ...
    copy_format.encode(decoded, BatchIds(...))              # the COPY stream

The fast half (typed decode, then ``columns``) only finds out that a batch is not plainly right.
The slow half (``records``) is the definition: it looks at every record, names each fault, and
decodes what the fast half was wrong to suspect. Small batches go to it at once: below about 10
records numpy's fixed cost is higher.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from enum import Enum
from typing import Literal

import msgspec
import numpy as np
from msgspec import UNSET, UnsetType
from numpy.typing import NDArray

from portal.ingest import columns, records
from portal.ingest.columns import SuspectError
from portal.ingest.decoded import Codes, Decoded, Int16s, Int64s, Mask, OptionalText
from portal.ingest.fields import (
    BET,
    BONUS_FLAG,
    CANCEL_REASONS,
    LAST_TYPE_WITH_ROUND,
    MAX_ROWS,
    PAYMENTS,
    TYPES,
)
from portal.ingest.problems import MAX_ERRORS, FieldError, Refusal
from portal.ingest.single import Single
from portal.ingest.times import UNIX_TO_PG_MS

__all__ = ["SCHEMA_VERSION", "ContentKind", "Decoded", "check_references", "decode"]

SCHEMA_VERSION = 1  # of the wire format; each batch records it

_SMALL_BODY = 3 * 1024  # bytes, about 10 records


class ContentKind(Enum):
    """How the records are laid out in the body."""

    JSON = "application/json"  # one array
    NDJSON = "application/x-ndjson"  # one object after the other


class _Cancels(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    id: str
    reason: Literal[
        "operator_error",
        "duplicate",
        "technical_failure",
        "result_corrected",
        "regulator_order",
        "other",
    ]


# Literals are checked by the decoder for free and come as shared strings.
class _Record(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    id: str
    type: Literal["bet", "win", "refund", "deposit", "withdrawal"]
    occurred_at: str
    amount: str
    currency: str
    licence: str
    channel: str
    player: str
    payment: Literal["cash", "card", "bank_transfer", "e_wallet", "balance", "chips"]
    equipment: str | UnsetType = UNSET
    game: str | UnsetType = UNSET
    round_id: str | UnsetType = UNSET
    cancels: _Cancels | UnsetType = UNSET
    bonus: bool | UnsetType = UNSET
    exclusion_receipt: str | UnsetType = UNSET


# A record beyond MAX_RECORD_CHARS that is right but for that has over 13,000 characters of white
# space (without any it has under 3,000) in fewer than 80 places: over 160 in one of them, which
# hold at least four words of eight bytes of which each begins 32 bytes after the other.
_LOOK_EVERY, _BLANK_WORDS = 4, 4
_HIGH_BITS, _BEYOND_SPACE = np.uint64(0x8080808080808080), np.uint64(0x5F5F5F5F5F5F5F5F)
_QUOTES_REQUIRED = 9 * 4  # quotation marks around nine names and nine strings
_PART_BYTES = 256 * 1024  # decoded in a go: some milliseconds
_BETWEEN_RECORDS = re.compile(rb"\}[ \t\n\r]*,[ \t\n\r]*(?=\{)")
_LINE_END = re.compile(rb"\}[ \t\r]*\n")
_ARRAY = msgspec.json.Decoder(list[_Record])
_ONE = msgspec.json.Decoder(_Record)


def _go_on() -> None:
    pass


def count(data: bytes) -> int:
    """How many records a body seems to have, told cheaply: by a name that each of them has once.

    Escapes may hide some, and texts add some; ``decode`` finds out.
    """
    return min(data.count(b'"occurred_at"'), MAX_ROWS)


def decode(
    data: bytes,
    kind: ContentKind,
    currencies: Mapping[str, tuple[int, int]],
    pause: Callable[[], None] = _go_on,
) -> Decoded:
    """Check a decoded body and return its columns.

    ``currencies`` maps each accepted ISO code to its number and its minor digits; ``pause`` is
    called now and then, so that others may run while a large body is decoded.
    Raises Refusal (``malformed_json``, ``empty_batch``, ``too_many_rows``, codes of records).
    What depends on the clock or the registry is checked afterwards.
    """
    batch = decode_lazily(data, kind, currencies, pause)
    return batch.columns if isinstance(batch, Single) else batch


def decode_lazily(
    data: bytes,
    kind: ContentKind,
    currencies: Mapping[str, tuple[int, int]],
    pause: Callable[[], None] = _go_on,
) -> Decoded | Single:
    """The same, but for a batch of one record, which has no columns before they are wanted."""
    if len(data) > _SMALL_BODY:
        decoded = _decode_fast(data, kind, currencies, pause)
        if decoded is not None:
            return decoded
    rows = records.decode(data, currencies, lines=kind is ContentKind.NDJSON)
    return Single(rows[0]) if len(rows) == 1 else records.columns_of(rows)


def _decode_fast(
    data: bytes,
    kind: ContentKind,
    currencies: Mapping[str, tuple[int, int]],
    pause: Callable[[], None] = _go_on,
) -> Decoded | None:
    """Columns of a batch that is plainly right, else None."""
    try:
        rows: list[_Record] = []
        for part in _parts(data, kind):
            rows += _ARRAY.decode(part) if kind is ContentKind.JSON else _ONE.decode_lines(part)
            pause()
        if not 0 < len(rows) <= MAX_ROWS:
            return None
        _check_no_padding(data)
        return _columns(data, rows, currencies, pause)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, SuspectError):
        return None


def _parts(data: bytes, kind: ContentKind) -> Iterator[bytes]:
    """A large body in parts that can be decoded alone: a whole one would hold the worker too long.

    It is cut where one record ends and the next begins. What looks like that may stand in a text
    too: a cut there leaves two parts that are not JSON, and the slow half looks at the whole.
    """
    begins, array = 0, kind is ContentKind.JSON
    between = _BETWEEN_RECORDS if array else _LINE_END
    while cut := between.search(data, begins + _PART_BYTES):
        part = data[begins : cut.start() + 1]
        yield b"%b%b]" % (b"[" if begins else b"", part) if array else part
        begins = cut.end()
    rest = data[begins:]
    yield b"[" + rest if array and begins else rest


def _columns(
    data: bytes,
    rows: list[_Record],
    currencies: Mapping[str, tuple[int, int]],
    pause: Callable[[], None],
) -> Decoded:
    """Check and convert column by column; raises SuspectError."""
    rounds = [row.round_id for row in rows]
    equipment = [row.equipment for row in rows]
    games = [row.game for row in rows]
    cancels = [row.cancels for row in rows]
    bonuses = [row.bonus for row in rows]
    receipts = [row.exclusion_receipt for row in rows]
    _check_no_field_twice(data, len(rows), (rounds, equipment, games, receipts), cancels, bonuses)

    pause()
    ids = columns.uuids([row.id for row in rows])
    occurred_ms = columns.timestamps([row.occurred_at for row in rows])
    _check_ids(ids, occurred_ms)
    pause()
    types = columns.enum([row.type for row in rows], TYPES)
    amount_minor, currency = columns.money(
        [row.amount for row in rows], [row.currency for row in rows], currencies
    )
    pause()
    round_id = columns.optional_uuids(rounds)
    if (columns.nil_rows(round_id) & (types <= LAST_TYPE_WITH_ROUND)).any():
        raise SuspectError
    player = columns.hex_128([row.player for row in rows])
    if columns.count_nil(player):
        raise SuspectError
    cancelled, cancel_reason = _cancellations(cancels, ids)
    pause()
    return Decoded(
        n=len(rows),
        ids=ids,
        occurred_us=(occurred_ms - UNIX_TO_PG_MS) * 1000,
        type=types,
        amount_minor=amount_minor,
        currency=currency,
        licence=columns.codes([row.licence for row in rows]),
        channel=columns.codes([row.channel for row in rows]),
        equipment=columns.codes(equipment),
        game=columns.codes(games),
        round_id=round_id,
        player=player,
        payment=columns.enum([row.payment for row in rows], PAYMENTS),
        flags=_flags(bonuses, types),
        cancels=cancelled,
        cancel_reason=cancel_reason,
        exclusion_receipt=columns.optional_uuids(receipts),
    )


def _check_no_padding(data: bytes) -> None:
    """SuspectError white space that may make a record longer than a record may be.

    It is what no byte of a word is beyond the space: valid JSON has no other control characters.
    """
    words = np.frombuffer(data, np.uint64, len(data) // 8)[::_LOOK_EVERY]
    blank = ((words | (words + _BEYOND_SPACE)) & _HIGH_BITS) == 0
    if np.count_nonzero(blank) < _BLANK_WORDS:
        return
    written = np.flatnonzero(~blank)
    if (np.diff(written, prepend=-1, append=len(words)) > _BLANK_WORDS).any():
        raise SuspectError


def _check_no_field_twice(
    data: bytes,
    n: int,
    strings: Sequence[Sequence[OptionalText]],
    cancels: Sequence[_Cancels | UnsetType],
    bonuses: Sequence[bool | UnsetType],
) -> None:
    """SuspectError any quotation mark beyond those around the names and strings that were decoded.

    The decoder keeps the last of two fields of one name without a word. The second one brings
    at least two more quotation marks; so does an escaped one inside a code, which is harmless
    and left to the slow half to tell apart.
    """
    expected = _QUOTES_REQUIRED * n
    expected += sum(4 * (n - column.count(UNSET)) for column in strings)
    expected += 10 * (n - cancels.count(UNSET))
    expected += 2 * (n - bonuses.count(UNSET))
    if np.count_nonzero(np.frombuffer(data, np.uint8) == ord('"')) != expected:
        raise SuspectError


def _check_ids(ids: bytes, occurred_ms: Int64s) -> None:
    """Version 7, RFC variant, the event's own millisecond, each only once."""
    halves = np.frombuffer(ids, ">u8").astype(np.uint64)
    same_time = (halves[::2] >> np.uint64(16)).astype(np.int64) == occurred_ms
    if not (_version_7(halves) & same_time).all() or _repeated(halves[1::2]):
        raise SuspectError


def _version_7(halves: NDArray[np.uint64]) -> Mask:
    """Tell which UUIDs, given as high and low halves in turn, are of version 7."""
    version = (halves[::2] >> np.uint64(12)) & np.uint64(15)
    shaped: Mask = (version == 7) & (halves[1::2] >> np.uint64(62) == 2)
    return shaped


def _repeated(low_halves: NDArray[np.uint64]) -> bool:
    """Tell whether UUIDs may repeat: equal ones have equal low halves, seldom the reverse."""
    ordered = np.sort(low_halves)
    return bool((ordered[1:] == ordered[:-1]).any())


def _flags(bonuses: Sequence[bool | UnsetType], types: Int16s) -> Int16s:
    if bonuses.count(UNSET) == len(bonuses):
        return np.zeros(len(bonuses), np.int16)
    bonus = np.array([value is True for value in bonuses], np.bool_)
    if (bonus & (types != BET)).any():
        raise SuspectError
    return bonus.astype(np.int16) * np.int16(BONUS_FLAG)


def _cancellations(cancels: Sequence[_Cancels | UnsetType], ids: bytes) -> tuple[bytes, Int16s]:
    """Cancelled ids and reasons; few rows have them, so they are filled in one by one."""
    n = len(cancels)
    target = np.zeros(n, "V16")
    reasons = np.zeros(n, np.int16)
    if cancels.count(UNSET) < n:
        found = {row: cancel for row, cancel in enumerate(cancels) if cancel is not UNSET}
        raw = columns.uuids([cancel.id for cancel in found.values()])
        halves = np.frombuffer(raw, ">u8").astype(np.uint64)
        if not _version_7(halves).all() or _repeated(halves[1::2]):
            raise SuspectError
        rows = list(found)
        target[rows] = np.frombuffer(raw, "V16")
        reasons[rows] = [CANCEL_REASONS[cancel.reason] for cancel in found.values()]
        if (target == np.frombuffer(ids, "V16")).any():
            raise SuspectError
    return target.tobytes(), reasons


def check_references(
    decoded: Decoded,
    *,
    licence: Container[str],
    channel: Container[str],
    equipment: Container[str],
    game: Container[str],
) -> None:
    """Raise Refusal naming each record with a code that the registry does not know.

    Each argument holds the known codes among ``decoded.<field>.distinct``.
    """
    known = {"licence": licence, "channel": channel, "equipment": equipment, "game": game}
    errors: list[FieldError] = []
    total = 0
    for field, codes_known in known.items():
        column: Codes = getattr(decoded, field)
        unknown = [code for code in column.distinct if code not in codes_known]
        if unknown:
            rows = column.rows_of(unknown)
            total += len(rows)
            errors += [FieldError.at(row, f"unknown_{field}", field) for row in rows[:MAX_ERRORS]]
    if errors:
        raise Refusal.of_records(sorted(errors), total=total)
