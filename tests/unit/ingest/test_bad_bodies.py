"""Bodies that are no batch at all: never anything but a Refusal, whatever the bytes."""

from __future__ import annotations

import json
import re
import uuid

import pytest

from portal.ingest import wire
from portal.ingest.problems import Refusal

from .building import CURRENCIES, JSON, NDJSON, START_MS, body, identifier, record, records
from .test_bad_records import refusal_of

ONE = json.dumps(record()).encode()
FEW = json.dumps(records(3)).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"null",
        b"5",
        b"{}",
        ONE,
        b"[",
        b"[" + ONE,
        b"[" + ONE + b",]",
        b"[," + ONE + b"]",
        b"[" + ONE + ONE + b"]",
        b"[" + ONE + b"]]",
        b"[" + ONE + b"] x",
        b"[]" + FEW,
        b"\xef\xbb\xbf" + FEW,
        b"\0" + FEW,
        FEW.replace(b'"12.50"', b"NaN"),
        FEW.replace(b'"12.50"', b"-Infinity"),
        FEW.replace(b'"12.50"', b"012"),
        FEW.replace(b'"12.50"', b"'12.50'"),
        FEW.replace(b'"12.50"', b'"12\n50"'),
        FEW.replace(b'"12.50"', b'"\\x"'),
        FEW.replace(b'"12.50"', b'"\\u12"'),
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'[{"a":' * 50_000,
        b"<batch/>",
        b"id;type;amount\n1;bet;5\n",
    ],
)
def test_what_is_not_a_json_array_is_malformed(data: bytes) -> None:
    for padded in (data, b" " * 4_000 + data):  # small and large bodies take different ways
        refusal = refusal_of(padded)
        assert (refusal.code, refusal.status) == ("malformed_json", 400)


@pytest.mark.parametrize("data", [b"{", ONE + b",", ONE + b"\n{", b"x", ONE + b"]", b"NaN"])
def test_what_is_not_ndjson_is_malformed(data: bytes) -> None:
    for padded in (data, (ONE + b"\n") * 20 + data):
        assert refusal_of(padded, NDJSON).code in {"malformed_json", "invalid_batch"}


def test_malformed_json_names_the_record_where_reading_stopped() -> None:
    rows = body(records(40))
    refusal = refusal_of(rows[:-200])
    assert [error.index for error in refusal.errors] == [39]


def test_what_follows_a_complete_array_blames_no_record() -> None:
    for rest in (b"x", b"[]", b"]", b","):
        refusal = refusal_of(FEW + rest)
        assert (refusal.code, refusal.errors) == ("malformed_json", [])


@pytest.mark.parametrize("kind", [JSON, NDJSON])
@pytest.mark.parametrize("broken", [b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80"])
def test_what_is_not_utf8_is_named_so(kind: wire.ContentKind, broken: bytes) -> None:
    for size in (1, 40):
        data = body(records(size), kind).replace(b"game-7", broken)
        assert refusal_of(data, kind).code == "invalid_encoding"


def test_utf16_is_refused() -> None:
    assert refusal_of(FEW.decode().encode("utf-16")).status == 400


@pytest.mark.parametrize("data", [b"[]", b" [ \n] "])
def test_an_empty_array_is_an_empty_batch(data: bytes) -> None:
    for padded in (data, b" " * 4_000 + data):
        refusal = refusal_of(padded)
        assert (refusal.code, refusal.status) == ("empty_batch", 422)


@pytest.mark.parametrize("data", [b"", b"\n", b"\r\n \n" * 2_000])
def test_ndjson_without_a_record_is_an_empty_batch(data: bytes) -> None:
    assert refusal_of(data, NDJSON).code == "empty_batch"


@pytest.mark.parametrize("kind", [JSON, NDJSON])
def test_10_000_records_pass_and_one_more_does_not(kind: wire.ContentKind) -> None:
    rows = records(10_001)
    assert wire.decode(body(rows[:-1], kind), kind, CURRENCIES).n == 10_000
    refusal = refusal_of(body(rows, kind), kind)
    assert (refusal.code, refusal.status) == ("too_many_rows", 413)


def test_bad_records_beyond_the_limit_do_not_hide_it() -> None:
    assert refusal_of(b"[" + b",".join([b"{}"] * 10_001) + b"]").code == "too_many_rows"
    assert refusal_of(b"[" + b"1," * 4_000_000 + b"1]").code == "too_many_rows"


def test_a_record_beyond_any_sense_is_not_read() -> None:
    padded = records(3)
    padded[1]["game"] = "x" * 20_000
    refusal = refusal_of(body(padded))
    assert [(error.index, error.code) for error in refusal.errors] == [(1, "record_too_large")]
    nested = b"[" + ONE + b"," + b"[[]," * 2_000_000 + b"[]" + b"]" * 2_000_000 + b"]"
    assert refusal_of(nested[: 8 * 2**20]).code in {"malformed_json", "record_too_large"}
    wide = b'[{"id":[' + b"[]," * 2_000_000 + b"[]]}]"
    assert refusal_of(wide).code == "record_too_large"


@pytest.mark.parametrize("kind", [JSON, NDJSON])
@pytest.mark.parametrize("space", [b" ", b"\t", b" \t\r"])
@pytest.mark.parametrize("count", [1, 40])
@pytest.mark.parametrize("spread", ["all", "first", "last"])
def test_a_record_may_be_padded_to_its_limit_and_no_further(
    kind: wire.ContentKind, space: bytes, count: int, spread: str
) -> None:
    """Whether a body is read fast or slowly makes no difference."""
    more = {"equipment": "e-1", "exclusion_receipt": str(uuid.UUID(int=7))}
    cancels = {"id": identifier(START_MS, "target"), "reason": "other"}
    rows = [*records(count - 1), record(count, **more, cancels=cancels)]
    long = json.dumps(rows[-1], ensure_ascii=False).encode()
    before, found, after = body(rows, kind).rpartition(long)
    assert found
    colons = [match.start() for match in re.finditer(rb'"[:,] ["{]|"}?}', long)]
    places = sorted([at + 1 for at in colons] + [at + 2 for at in colons[:-1]])
    places = {"all": places, "first": places[:1], "last": places[-1:]}[spread]
    left = 16_384 - len(long.decode())
    for beyond in (0, 1):
        each, rest = divmod(left + beyond, len(places))
        padded = long
        for number, at in reversed(list(enumerate(places))):
            length = each + (rest if number == 0 else 0)
            padded = padded[:at] + (space * length)[:length] + padded[at:]
        assert json.loads(padded) == rows[-1]
        sent = before + padded + after
        if not beyond:
            assert wire.decode(sent, kind, CURRENCIES).n == count
            continue
        refusal = refusal_of(sent, kind)
        assert refusal.code == "record_too_large"
        assert [error.index for error in refusal.errors] == [count - 1]


@pytest.mark.parametrize("kind", [JSON, NDJSON])
def test_a_body_cut_anywhere_is_refused_or_a_shorter_batch(kind: wire.ContentKind) -> None:
    data = body(records(3), kind)
    for end in range(len(data) - 1):
        try:
            decoded = wire.decode(data[:end], kind, CURRENCIES)
        except Refusal:
            continue
        assert kind is NDJSON
        assert decoded.n < 3 or data[:end].rstrip() == data.rstrip()


def test_a_body_with_any_byte_changed_is_decoded_or_refused() -> None:
    data = body(records(1))
    outcomes = set()
    for place in range(len(data)):
        for byte in (0, 34, 44, 92, 123, 255):
            changed = data[:place] + bytes([byte]) + data[place + 1 :]
            try:
                wire.decode(changed, JSON, CURRENCIES)
                outcomes.add(201)
            except Refusal as refusal:
                outcomes.add(refusal.status)
    assert outcomes == {201, 400, 422}
