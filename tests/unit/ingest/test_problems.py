"""Problem documents: short, documented, and without anything out of the body."""

from __future__ import annotations

import json
from typing import Any

import pytest

from portal.ingest import wire
from portal.ingest.fields import FIELDS
from portal.ingest.problems import CODES, MAX_ERRORS, FieldError, Refusal

from .building import CURRENCIES, JSON, NDJSON, body, record, records

# What a sender might put into a field by mistake.
PERSONAL = [
    "Шевченко Олена Петрівна",
    "3012345678",
    "olena.shevchenko@example.com",
    "+380671234567",
    "UA213223130000026007233566001",
    "Shevchenko\u0000Olena",
]


def leaks(refusal: Refusal) -> list[str]:
    """Personal values that show in anything a refusal may be rendered into."""
    shown = refusal.to_problem("request-1").decode() + str(refusal) + repr(refusal)
    shown += repr(refusal.errors)
    shown += json.dumps(refusal.document("request-1"), ensure_ascii=False)
    seen: BaseException | None = refusal
    while seen is not None:
        shown += str(seen)
        seen = seen.__context__
    return [value for value in PERSONAL if value in shown or value[:9] in shown]


@pytest.mark.parametrize("kind", [JSON, NDJSON])
@pytest.mark.parametrize("value", PERSONAL)
@pytest.mark.parametrize("field", sorted(FIELDS))
@pytest.mark.parametrize("size", [1, 30])
def test_no_value_shows_whatever_field_it_is_in(
    field: str, value: str, size: int, kind: wire.ContentKind
) -> None:
    if field == "amount" and value.isdigit():
        value = f"ІПН {value}"  # ten digits alone are an amount
    rows = records(size)
    rows[-1][field] = value
    if field in {"licence", "channel", "equipment", "game"} and "\0" not in value:
        decoded = wire.decode(body(rows, kind), kind, CURRENCIES)
        known = {"licence": ["ДК-2026-001"], "channel": ["site-1"], "game": ["game-7"]}
        with pytest.raises(Refusal) as caught:
            wire.check_references(decoded, **known, equipment=())
    else:
        with pytest.raises(Refusal) as caught:
            wire.decode(body(rows, kind), kind, CURRENCIES)
    assert leaks(caught.value) == []
    assert caught.value.errors[0].pointer == f"/{size - 1}/{field}"


@pytest.mark.parametrize("value", PERSONAL)
@pytest.mark.parametrize("place", ["name", "inside", "cancels", "key of cancels", "row", "whole"])
def test_no_value_shows_wherever_else_it_is(place: str, value: str) -> None:
    made: Any = record()
    if place == "name":
        made[value] = value
    elif place == "inside":
        made["player"] = {value: [value]}
    elif place == "cancels":
        made["cancels"] = {"id": value, "reason": value}
    elif place == "key of cancels":
        made["cancels"] = {value: value}
    elif place == "row":
        made = value
    data = body([made]) if place != "whole" else json.dumps(value).encode()
    for sent in (data, data[:-1], data + b"x", data.replace(b"0", b"\xff")):
        with pytest.raises(Refusal) as caught:
            wire.decode(sent, JSON, CURRENCIES)
        assert leaks(caught.value) == []


def test_a_document_says_what_happened_and_what_to_do() -> None:
    refusal = Refusal("amount_too_precise", [FieldError.at(17, "amount_too_precise", "amount")])
    assert json.loads(refusal.to_problem("0c2f6f0e9b4d")) == {
        "type": "urn:dozir:problem:amount_too_precise",
        "title": "The amount has more decimals than its currency",
        "status": 422,
        "detail": "Round to the currency's smallest unit.",
        "code": "amount_too_precise",
        "request_id": "0c2f6f0e9b4d",
        "errors_total": 1,
        "errors": [{"index": 17, "pointer": "/17/amount", "code": "amount_too_precise"}],
    }


def test_without_records_there_is_no_list() -> None:
    document = Refusal("service_unavailable").document("r")
    assert document.keys() == {"type", "title", "status", "detail", "code", "request_id"}


def test_faults_of_one_code_give_it_to_the_whole() -> None:
    one = [FieldError.at(row, "duplicate_id", "id") for row in range(3)]
    assert Refusal.of_records(iter(one)).code == "duplicate_id"
    assert Refusal.of_records(iter(one)).status == 409
    mixed = Refusal.of_records([*one, FieldError.at(5, "invalid_id", "id")])
    assert (mixed.code, mixed.status) == ("invalid_batch", 422)
    assert {error.code for error in mixed.errors} == {"duplicate_id", "invalid_id"}


def test_codes_of_faults_beyond_the_listed_count_too() -> None:
    many = [FieldError.at(row, "invalid_id", "id") for row in range(MAX_ERRORS)]
    refusal = Refusal.of_records([*many, FieldError.at(500, "wrong_type", "id")])
    assert (refusal.code, len(refusal.errors), refusal.total) == ("invalid_batch", 100, 101)


def test_waiting_is_the_codes_own_unless_said() -> None:
    assert Refusal("in_flight").retry_after == CODES["in_flight"].retry_after == 1
    assert Refusal("service_unavailable", retry_after=60).retry_after == 60
    assert Refusal("invalid_id").retry_after is None


def test_an_unknown_code_cannot_be_answered() -> None:
    with pytest.raises(KeyError):
        Refusal("no_such_code")
