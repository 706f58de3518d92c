"""What no row has that was ever accepted: where a batch does not hold, this names row and column.

The rules are those of the wire format (docs/api, portal/ingest/record_check.py), as far as a row
shows them by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from portal.verifier.dozir_verify import EPOCH_2000_US, PLACE, UNPACK, Known, column_sums

# Of columns with few values those that there are.
FEW: dict[str, range] = {
    "type": range(1, 6),
    "payment": range(1, 7),
    "flags": range(2),
    "breach": range(16),
    "cancel_reason": range(7),
}
# Of these a row alone tells: of very many values, nothing else says which was accepted.
OPAQUE = ("id", "round_id", "player", "exclusion_receipt")
MOST_MINOR = 10**14
LAST_TYPE_WITH_ROUND = 3
NIL = bytes(16)


def broken(known: Known, rows: Sequence[bytes]) -> Iterator[tuple[int, str, str]]:
    """Place (from 0), column and why, of each row that could not have been accepted.

    ``rows`` are whole tuples of a batch.
    """
    currencies = {key[0] for key in column_sums(known.totals)}
    for place, row in enumerate(rows):
        for column, why in _broken(known, currencies, row):
            yield place, column, why


def _broken(known: Known, currencies: set[int], row: bytes) -> Iterator[tuple[str, str]]:
    yield from _numbers(known, currencies, row)
    yield from _identity(known, row)
    type_, reason = (int.from_bytes(row[PLACE[name]]) for name in ("type", "cancel_reason"))
    if row[PLACE["player"]] == NIL:
        yield "player", "no row is without one"
    if type_ <= LAST_TYPE_WITH_ROUND and row[PLACE["round_id"]] == NIL:
        yield "round_id", "no row of this type is without one"
    if (row[PLACE["cancels"]] == NIL) != (reason == 0):
        yield "cancels", "who takes a row back names it and the reason"
    for one, other in combinations(OPAQUE, 2):
        if row[PLACE[one]] == row[PLACE[other]] != NIL:
            yield f"{one}, {other}", "the same value in two columns"


def _numbers(known: Known, currencies: set[int], row: bytes) -> Iterator[tuple[str, str]]:
    _, _, amount, currency, _ = UNPACK.unpack(row)
    if int.from_bytes(row[PLACE["operator_id"]], signed=True) != known.operator_id:
        yield "operator_id", "not its operator"
    for column, values in FEW.items():
        if int.from_bytes(row[PLACE[column]], signed=True) not in values:
            yield column, "there is no such value"
    if not 0 < amount <= MOST_MINOR:
        yield "amount_minor", "no such amount is accepted"
    if currency not in currencies:
        yield "currency", "the batch has none of this currency"


def _identity(known: Known, row: bytes) -> Iterator[tuple[str, str]]:
    """An id is of version 7 and was made for the row's moment."""
    at, own = UNPACK.unpack(row)[0], row[PLACE["id"]]
    if own[6] >> 4 != 7 or own[8] >> 6 != 2:  # version and variant: RFC 9562, 5.7
        yield "id", "not a UUID of version 7"
    elif at % 1000 or not known.occurred_from <= at + EPOCH_2000_US <= known.occurred_until:
        yield "occurred_at", "not a moment of this batch in whole milliseconds"
    elif int.from_bytes(own[:6]) * 1000 - EPOCH_2000_US != at:
        yield "id", "it was made for another moment than the row's"
