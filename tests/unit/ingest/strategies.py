"""Hypothesis strategies: valid records of every form, and values that are nearly right."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from portal.ingest import fields
from portal.ingest.uuid7 import make_id

from .building import CURRENCIES, record

_FIRST = datetime(2020, 1, 1, tzinfo=UTC)

any_uuid = st.integers(1, 2**128 - 1).map(lambda number: str(uuid.UUID(int=number)))
codes = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=64)
few_codes = st.sampled_from(["a", "Б-1", "зал №7", 'with "quotes"', "back\\slash", "😀", "{,}"])
milliseconds = st.integers(0, 10 * 365 * 86_400_000)


@st.composite
def times(draw: st.DrawFn) -> tuple[int, str]:
    """Milliseconds since 1970 and one of the ways to write them."""
    east = timezone(timedelta(minutes=draw(st.sampled_from([0, 120, 180, -570, 840, -719]))))
    at = _FIRST + timedelta(milliseconds=draw(milliseconds))
    digits = draw(st.integers(0, 3))
    step = 10 ** (3 - digits)
    at -= timedelta(milliseconds=at.microsecond // 1000 % step if digits else 0)
    if not digits:
        at = at.replace(microsecond=0)
    local = at.astimezone(east)
    text = local.strftime("%Y-%m-%dT%H:%M:%S")
    if digits:
        text += "." + f"{local.microsecond // 1000:03d}"[:digits]
    offset = local.strftime("%z")
    text += (
        draw(st.sampled_from(["Z", "z"]))
        if east.utcoffset(None) == timedelta()
        else (f"{offset[:3]}:{offset[3:]}")
    )
    if draw(st.booleans()):
        text = text.replace("T", "t")
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1), text


@st.composite
def amounts(draw: st.DrawFn) -> tuple[str, str]:
    """Currency and amount, with any number of decimals that the currency permits."""
    currency = draw(st.sampled_from(sorted(CURRENCIES)))
    digits = draw(st.integers(0, CURRENCIES[currency][1]))
    largest = fields.MAX_AMOUNT_MINOR // 10 ** (CURRENCIES[currency][1] - digits)
    minor = draw(st.one_of(st.integers(1, largest), st.integers(1, 10_000), st.just(largest)))
    text = str(minor).rjust(digits + 1, "0")
    return currency, f"{text[:-digits]}.{text[-digits:]}" if digits else text


@st.composite
def valid_records(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """A valid record of any form; ``number`` makes its identifiers its own."""
    ms, text = draw(times())
    currency, amount = draw(amounts())
    kind = draw(st.sampled_from(sorted(fields.TYPES)))
    with_round = fields.TYPES[kind] <= fields.LAST_TYPE_WITH_ROUND or draw(st.booleans())
    made = record(
        number,
        id=str(make_id(ms, str(number))),
        occurred_at=text,
        type=kind,
        amount=amount,
        currency=currency,
        licence=draw(few_codes),
        channel=draw(codes),
        game=draw(st.one_of(st.just(...), few_codes)),
        equipment=draw(st.one_of(st.just(...), few_codes)),
        round_id=draw(any_uuid) if with_round else ...,
        player=f"{draw(st.integers(1, 2**128 - 1)):032x}",
        payment=draw(st.sampled_from(sorted(fields.PAYMENTS))),
        exclusion_receipt=draw(st.one_of(st.just(...), any_uuid)),
        cancels=draw(
            st.sampled_from(
                [
                    ...,
                    ...,
                    {
                        "id": str(make_id(ms - 1, f"cancelled {number}")),
                        "reason": draw(st.sampled_from(sorted(fields.CANCEL_REASONS))),
                    },
                ]
            )
        ),
        bonus=draw(st.sampled_from([..., False, True])) if kind == "bet" else ...,
    )
    if draw(st.booleans()):
        made["id"] = made["id"].upper()
        made["player"] = made["player"].upper()
    return made


@st.composite
def valid_batches(draw: st.DrawFn, max_size: int = 24) -> list[dict[str, Any]]:
    size = draw(st.integers(1, max_size))
    return [draw(valid_records(number)) for number in range(1, size + 1)]


nearly_right = st.one_of(
    st.sampled_from(
        [None, True, False, 0, 1.5, [], {}, "", "0", "-1", "1e9", "00.1", "1.", "١", "\0", " ",
         "2026-09-21T14:13:20Z", "2026-09-21T14:13:20.5+14:00", "2026-09-21T14:13:20.5-00:00",
         "2026-09-21T24:13:20Z", "2026-09-21t14:13:20.123z", "2026-02-30T00:00:00Z",
         "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999-23:59",
         "00000000-0000-0000-0000-000000000000", "0" * 32, "F" * 32, "bet", "UAH", "card",
         "100000000000000", "1000000000000", "1000000000000.00", "0.01", "0.001", "9" * 15,
         {"id": "x", "reason": "other"}, {"reason": "other"}]
    ),
    st.text(max_size=40),
    codes,
    any_uuid,
    amounts().map(lambda pair: pair[1]),
    times().map(lambda pair: pair[1]),
)  # fmt: skip
