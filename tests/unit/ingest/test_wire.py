"""Good batches come out as they went in, by the fast half as by the slow one."""

from __future__ import annotations

import json
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.ingest import fields, records, wire
from portal.ingest.decoded import Decoded
from portal.ingest.problems import FieldError, Refusal

from . import building, strategies
from .building import CURRENCIES, JSON, NDJSON, START_MS, body, expected_row, identifier, record

bounded = settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def slow(data: bytes, kind: wire.ContentKind = JSON) -> Decoded:
    return records.columns_of(records.decode(data, CURRENCIES, lines=kind is NDJSON))


@bounded
@given(strategies.valid_batches(), st.sampled_from([JSON, NDJSON]), st.booleans())
def test_a_valid_batch_comes_out_as_it_went_in(
    batch: list[dict[str, Any]], kind: wire.ContentKind, ascii_only: bool
) -> None:
    texts = [json.dumps(row, ensure_ascii=ascii_only) for row in batch]
    data = ("[" + ",\n ".join(texts) + "]" if kind is JSON else "\n".join(texts)).encode()
    expected = [expected_row(row) for row in batch]
    assert building.rows_of(slow(data, kind)) == expected
    fast = wire._decode_fast(data, kind, CURRENCIES)
    if fast is None:  # only an escaped quotation mark looks like a field named twice
        assert rb"\"" in data
    else:
        assert building.rows_of(fast) == expected
    assert building.rows_of(wire.decode(data, kind, CURRENCIES)) == expected


@bounded
@given(
    strategies.valid_batches(),
    st.sampled_from([(JSON, ","), (JSON, " ,\n\t"), (NDJSON, "\n"), (NDJSON, " \r\n")]),
    st.integers(1, 900),
)
def test_a_body_decoded_in_parts_is_the_same_body(
    batch: list[dict[str, Any]], written: tuple[wire.ContentKind, str], part: int
) -> None:
    kind, between = written
    text = between.join(json.dumps(row) for row in batch)
    data = (f"[{text}]" if kind is JSON else text).encode()
    with mock.patch.object(wire, "_PART_BYTES", part):
        fast = wire._decode_fast(data, kind, CURRENCIES)
        damaged = [
            wire._decode_fast(data[:cut] + extra + data[cut:], kind, CURRENCIES)
            for cut in (0, len(data) // 2, len(data))
            for extra in (b",", b"]", b"[", b"}", b"{", b"},{", b"},")
        ]
    whole = wire._decode_fast(data, kind, CURRENCIES)
    assert whole is None or building.rows_of(whole) == [expected_row(row) for row in batch]
    # A code that looks like the end of a record is cut: then the slow half decides.
    assert fast is None or building.rows_of(fast) == building.rows_of(slow(data, kind))
    for one in damaged:
        assert one is None or whole is None or building.rows_of(one) != building.rows_of(whole)


def test_a_large_body_is_decoded_in_several_parts() -> None:
    data = body(building.records(2_000))
    parts = list(wire._parts(data, JSON))
    assert len(parts) > 2
    assert max(map(len, parts)) < 1.1 * wire._PART_BYTES
    assert sum(len(json.loads(part)) for part in parts) == 2_000
    fast = wire._decode_fast(data, JSON, CURRENCIES)
    assert fast is not None
    assert building.rows_of(fast) == building.rows_of(slow(data))


@bounded
@given(strategies.valid_batches(4), st.data())
def test_fast_and_slow_half_agree_on_what_is_nearly_right(
    batch: list[dict[str, Any]], data: st.DataObject
) -> None:
    row = data.draw(st.sampled_from(batch))
    field = data.draw(st.sampled_from(sorted(fields.FIELDS)))
    row[field] = data.draw(strategies.nearly_right)
    text = body(batch)
    fast = wire._decode_fast(text, JSON, CURRENCIES)
    try:
        accepted = slow(text)
    except Refusal:
        assert fast is None
        return
    if fast is None:
        assert rb"\"" in text
    else:
        assert building.rows_of(fast) == building.rows_of(accepted)


def test_each_way_of_writing_a_time_is_read_by_the_fast_half() -> None:
    ms = START_MS
    ways = {
        "2026-09-21T14:13:20Z": ms,
        "2026-09-21t14:13:20z": ms,
        "2026-09-21T14:13:20.5Z": ms + 500,
        "2026-09-21T14:13:20.05Z": ms + 50,
        "2026-09-21T14:13:20.005Z": ms + 5,
        "2026-09-21T17:13:20+03:00": ms,
        "2026-09-22T04:13:20.000+14:00": ms,
        "2026-09-21T02:13:20.1-12:00": ms + 100,
        "2026-09-21T14:13:20.25-00:00": ms + 250,
        "2028-02-29T23:59:59.999Z": 1_835_481_599_999,
        "9999-12-31T23:59:59.999Z": 253_402_300_799_999,
        "1970-01-01T00:00:00Z": 0,
    }
    rows = [
        record(number, occurred_at=text, id=identifier(at, str(number)))
        for number, (text, at) in enumerate(ways.items())
    ]
    decoded = wire._decode_fast(body(rows), JSON, CURRENCIES)
    assert decoded is not None
    assert [us // 1000 + 946_684_800_000 for us in decoded.occurred_us.tolist()] == list(
        ways.values()
    )


@pytest.mark.parametrize(
    ("currency", "amount", "minor"),
    [
        ("UAH", "0.01", 1),
        ("UAH", "5", 500),
        ("UAH", "5.5", 550),
        ("UAH", "1000000000000", 10**14),
        ("UAH", "999999999999.99", 10**14 - 1),
        ("UAH", "999999999999.9", 10**14 - 10),
        ("JPY", "1", 1),
        ("JPY", "100000000000000", 10**14),
        ("KWD", "0.001", 1),
        ("KWD", "99999999999.999", 10**14 - 1),
        ("KWD", "4.35", 4350),
    ],
)
def test_amounts_are_exact_in_every_currency(currency: str, amount: str, minor: int) -> None:
    rows = [record(1, amount=amount, currency=currency), record(2, amount="3", currency=currency)]
    for decoded in (slow(body(rows)), wire._decode_fast(body(rows), JSON, CURRENCIES)):
        assert decoded is not None
        assert decoded.amount_minor[0] == minor


def test_currencies_may_be_mixed() -> None:
    rows = [
        record(1, amount="1.5", currency="UAH"),
        record(2, amount="1", currency="JPY"),
        record(3, amount="1.234", currency="KWD"),
    ]
    decoded = wire._decode_fast(body(rows), JSON, CURRENCIES)
    assert decoded is not None
    assert decoded.amount_minor.tolist() == [150, 1, 1234]
    assert decoded.currency.tolist() == [980, 392, 414]


def test_an_escaped_quotation_mark_in_a_code_is_no_second_field() -> None:
    rows = building.records(40)
    rows[3]["game"] = 'the "best" one'
    assert wire.decode(body(rows), JSON, CURRENCIES).game.distinct == ["game-7", 'the "best" one']


def test_codes_know_where_they_stand() -> None:
    rows = [record(1, game="a"), record(2, game=...), record(3, game="b"), record(4, game="a")]
    game = wire.decode(body(rows), JSON, CURRENCIES).game
    assert game.distinct == ["a", "b"]
    assert game.ids({"a": 70}).tolist() == [70, 0, -1, 70]
    assert game.rows_of(["a"]) == [0, 3]


def test_unknown_references_are_named_by_record() -> None:
    rows = [record(1), record(2, game="x", channel="y"), record(3, equipment="z")]
    decoded = wire.decode(body(rows), JSON, CURRENCIES)
    known = {"licence": {"ДК-2026-001"}, "channel": {"site-1"}, "equipment": {"z"}}
    wire.check_references(decoded, **known | {"channel": {"site-1", "y"}}, game={"game-7", "x"})
    with pytest.raises(Refusal) as caught:
        wire.check_references(decoded, **known, game={"game-7"})
    assert caught.value.code == "invalid_batch"
    assert caught.value.errors == [
        FieldError.at(1, "unknown_channel", "channel"),
        FieldError.at(1, "unknown_game", "game"),
    ]
    with pytest.raises(Refusal) as caught:
        wire.check_references(decoded, **known | {"equipment": ()}, game={"game-7", "x"})
    codes = dict.fromkeys(error.code for error in caught.value.errors)
    assert list(codes) == ["unknown_channel", "unknown_equipment"]


def test_a_batch_knows_its_days_and_its_cancelling_records() -> None:
    day = 86_400_000
    rows = [
        record(n, id=identifier(ms, str(n)), occurred_at=building.moment(ms))
        for n, ms in enumerate((START_MS, START_MS + day, START_MS + 5 * day, START_MS + 1))
    ]
    rows[2]["cancels"] = {"id": identifier(START_MS - 1, "old"), "reason": "duplicate"}
    decoded = wire.decode(body(rows), JSON, CURRENCIES)
    assert decoded.days == 3
    assert decoded.cancelling.tolist() == [2]
    assert decoded.occurred_max_us - decoded.occurred_min_us == 5 * day * 1000
