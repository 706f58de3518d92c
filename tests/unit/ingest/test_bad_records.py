"""What bad input gets: each fault its code and its pointer, wherever in a batch it stands."""

from __future__ import annotations

import json
from typing import Any

import pytest

from portal.ingest import wire
from portal.ingest.problems import FieldError, Refusal

from .building import CURRENCIES, JSON, NDJSON, START_MS, body, identifier, moment, record, records

AT = 17  # place of the bad record in a larger batch
MS = START_MS + (AT + 1) * 1000  # its time


def timed(text: str, ms: int, **more: Any) -> dict[str, Any]:
    return {"occurred_at": text, "id": identifier(ms), **more}


# name: changes to a valid record, field of the pointer ("" is the record), code
BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    # Shape.
    "unknown field": ({"surname": "Шевченко"}, "", "unknown_field"),
    "amount as a number": ({"amount": 12.5}, "amount", "wrong_type"),
    "amount as an integer": ({"amount": 12}, "amount", "wrong_type"),
    "amount null": ({"amount": None}, "amount", "wrong_type"),
    "absent game as null": ({"game": None}, "game", "wrong_type"),
    "id as an array": ({"id": ["x"]}, "id", "wrong_type"),
    "type as an object": ({"type": {"a": 1}}, "type", "wrong_type"),
    "bonus as text": ({"bonus": "true"}, "bonus", "wrong_type"),
    "bonus as a number": ({"bonus": 1}, "bonus", "wrong_type"),
    "bonus null": ({"bonus": None}, "bonus", "wrong_type"),
    "cancels as text": ({"cancels": identifier(MS, "2")}, "cancels", "wrong_type"),
    "cancels null": ({"cancels": None}, "cancels", "wrong_type"),
    # Identifier.
    "id of version 4": (
        {"id": "6f1a0e52-9d0b-4c7e-8f5a-3b2d1c0e9f8a"},
        "id",
        "id_not_version_7",
    ),
    "id of another variant": (
        {"id": identifier(MS)[:19] + "c" + identifier(MS)[20:]},
        "id",
        "id_not_version_7",
    ),
    "nil id": ({"id": "00000000-0000-0000-0000-000000000000"}, "id", "invalid_id"),
    "id of 35 digits": ({"id": identifier(MS)[:-1]}, "id", "invalid_id"),
    "id without dashes": ({"id": identifier(MS).replace("-", "")}, "id", "invalid_id"),
    "id with dashes elsewhere": (
        {"id": identifier(MS)[:7] + "-" + identifier(MS)[7] + identifier(MS)[9:]},
        "id",
        "invalid_id",
    ),
    "id in braces": ({"id": "{" + identifier(MS) + "}"}, "id", "invalid_id"),
    "id with a space": ({"id": identifier(MS)[:-1] + " "}, "id", "invalid_id"),
    "id with two spaces for digits": ({"id": identifier(MS)[:-2] + "  "}, "id", "invalid_id"),
    "id with a letter beyond f": ({"id": identifier(MS)[:-1] + "g"}, "id", "invalid_id"),
    "id with a line end": ({"id": identifier(MS) + "\n"}, "id", "invalid_id"),
    "id with foreign digits": ({"id": identifier(MS)[:-1] + "٣"}, "id", "invalid_id"),
    "id of another millisecond": ({"id": identifier(MS + 1)}, "id", "id_time_mismatch"),
    "empty id": ({"id": ""}, "id", "invalid_id"),
    # Type and settlement.
    "type unknown": ({"type": "jackpot"}, "type", "invalid_type"),
    "type in capitals": ({"type": "BET"}, "type", "invalid_type"),
    "type with NUL": ({"type": "bet\0"}, "type", "invalid_type"),
    "payment unknown": ({"payment": "bitcoin"}, "payment", "invalid_payment"),
    "payment empty": ({"payment": ""}, "payment", "invalid_payment"),
    # Amount and currency.
    "amount with three decimals": ({"amount": "12.345"}, "amount", "amount_too_precise"),
    "amount with trailing zero": ({"amount": "12.500"}, "amount", "amount_too_precise"),
    "yen with decimals": (
        {"amount": "12.0", "currency": "JPY"},
        "amount",
        "amount_too_precise",
    ),
    "dinar with four decimals": (
        {"amount": "1.2345", "currency": "KWD"},
        "amount",
        "amount_too_precise",
    ),
    "amount negative": ({"amount": "-12.50"}, "amount", "amount_not_positive"),
    "amount zero": ({"amount": "0.00"}, "amount", "amount_not_positive"),
    "amount plain zero": ({"amount": "0"}, "amount", "amount_not_positive"),
    "amount 1e400": ({"amount": "1e400"}, "amount", "invalid_amount"),
    "amount 1E2": ({"amount": "1E2"}, "amount", "invalid_amount"),
    "amount of 400 digits": ({"amount": "1" + "0" * 400}, "amount", "amount_too_large"),
    "amount NaN": ({"amount": "NaN"}, "amount", "invalid_amount"),
    "amount Infinity": ({"amount": "Infinity"}, "amount", "invalid_amount"),
    "amount with a plus": ({"amount": "+12.50"}, "amount", "invalid_amount"),
    "amount with leading zero": ({"amount": "012.50"}, "amount", "invalid_amount"),
    "amount ends with a point": ({"amount": "12."}, "amount", "invalid_amount"),
    "amount begins with a point": ({"amount": ".50"}, "amount", "invalid_amount"),
    "amount with a comma": ({"amount": "12,50"}, "amount", "invalid_amount"),
    "amount with spaces": ({"amount": " 12.50"}, "amount", "invalid_amount"),
    "amount with a line end": ({"amount": "12.50\n"}, "amount", "invalid_amount"),
    "amount of two lines": ({"amount": "12.50\n12.50"}, "amount", "invalid_amount"),
    "amount with foreign digits": ({"amount": "١٢.٥٠"}, "amount", "invalid_amount"),
    "amount with NUL": ({"amount": "12.50\0"}, "amount", "invalid_amount"),
    "amount empty": ({"amount": ""}, "amount", "invalid_amount"),
    "amount above the limit": ({"amount": "1000000000000.01"}, "amount", "amount_too_large"),
    "amount of 15 digits": ({"amount": "999999999999999.99"}, "amount", "amount_too_large"),
    "amount beyond 64 bits": ({"amount": "184467440737095516.17"}, "amount", "amount_too_large"),
    "currency unknown": ({"currency": "XXX"}, "currency", "unknown_currency"),
    "currency in small letters": ({"currency": "uah"}, "currency", "unknown_currency"),
    "currency empty": ({"currency": ""}, "currency", "unknown_currency"),
    # Time.
    "no offset": ({"occurred_at": moment(MS)[:-1]}, "occurred_at", "timestamp_without_offset"),
    "microseconds": (
        {"occurred_at": moment(MS)[:-1] + "000Z"},
        "occurred_at",
        "invalid_timestamp",
    ),
    "a space for T": (
        {"occurred_at": moment(MS).replace("T", " ")},
        "occurred_at",
        "invalid_timestamp",
    ),
    "date only": ({"occurred_at": "2026-09-21"}, "occurred_at", "invalid_timestamp"),
    "unix seconds": ({"occurred_at": "1790000018"}, "occurred_at", "invalid_timestamp"),
    "no seconds": ({"occurred_at": "2026-09-21T14:13Z"}, "occurred_at", "invalid_timestamp"),
    "leap second": (
        {"occurred_at": "2026-06-30T23:59:60.000Z"},
        "occurred_at",
        "invalid_timestamp",
    ),
    "minute 60": ({"occurred_at": "2026-06-30T23:60:00.000Z"}, "occurred_at", "invalid_timestamp"),
    "hour 24": ({"occurred_at": "2026-06-30T24:00:00.000Z"}, "occurred_at", "invalid_timestamp"),
    "month 13": ({"occurred_at": "2026-13-01T00:00:00.000Z"}, "occurred_at", "invalid_timestamp"),
    "month 0": ({"occurred_at": "2026-00-01T00:00:00.000Z"}, "occurred_at", "invalid_timestamp"),
    "31 June": ({"occurred_at": "2026-06-31T00:00:00.000Z"}, "occurred_at", "invalid_timestamp"),
    "29 February 2026": (
        {"occurred_at": "2026-02-29T00:00:00.000Z"},
        "occurred_at",
        "invalid_timestamp",
    ),
    "year 0": ({"occurred_at": "0000-01-01T00:00:00.000Z"}, "occurred_at", "invalid_timestamp"),
    "year 1": ({"occurred_at": "0001-01-01T00:00:00.000Z"}, "occurred_at", "occurred_at_too_old"),
    "year 1 east of UTC": (
        {"occurred_at": "0001-01-01T00:00:00+14:00"},
        "occurred_at",
        "occurred_at_too_old",
    ),
    "last millisecond of 1969": (
        {"occurred_at": "1969-12-31T23:59:59.999Z"},
        "occurred_at",
        "occurred_at_too_old",
    ),
    "year 10000": ({"occurred_at": "10000-01-01T00:00:00Z"}, "occurred_at", "invalid_timestamp"),
    "offset without colon": (
        {"occurred_at": moment(MS)[:-1] + "+0300"},
        "occurred_at",
        "invalid_timestamp",
    ),
    "offset of 24 hours": (
        {"occurred_at": moment(MS)[:-1] + "+24:00"},
        "occurred_at",
        "invalid_timestamp",
    ),
    "offset of 60 minutes": (
        {"occurred_at": moment(MS)[:-1] + "+03:60"},
        "occurred_at",
        "invalid_timestamp",
    ),
    "offset with a comma for its sign": (
        {"occurred_at": moment(MS)[:-1] + ",03:00"},
        "occurred_at",
        "invalid_timestamp",
    ),
    "S for T": (
        {"occurred_at": moment(MS).replace("T", "S")},
        "occurred_at",
        "invalid_timestamp",
    ),
    "Y for Z": ({"occurred_at": moment(MS)[:-1] + "Y"}, "occurred_at", "invalid_timestamp"),
    "comma before milliseconds": (
        {"occurred_at": moment(MS).replace(".", ",")},
        "occurred_at",
        "invalid_timestamp",
    ),
    "time with foreign digits": (
        {"occurred_at": "٢" + moment(MS)[1:]},
        "occurred_at",
        "invalid_timestamp",
    ),
    "time with a line end": (
        {"occurred_at": moment(MS) + "\n"},
        "occurred_at",
        "invalid_timestamp",
    ),
    "time empty": ({"occurred_at": ""}, "occurred_at", "invalid_timestamp"),
    # Codes.
    "licence empty": ({"licence": ""}, "licence", "invalid_code"),
    "licence of 65 characters": ({"licence": "x" * 65}, "licence", "invalid_code"),
    "channel with NUL": ({"channel": "a\0b"}, "channel", "invalid_code"),
    "channel with a line end": ({"channel": "a\nb"}, "channel", "invalid_code"),
    "game padded": ({"game": " a"}, "game", "invalid_code"),
    "game with a no-break space": ({"game": "a\u00a0b"}, "game", "invalid_code"),
    "equipment with delete": ({"equipment": "a\x7f"}, "equipment", "invalid_code"),
    "equipment with a bidi override": ({"equipment": "a\u202eb"}, "equipment", "invalid_code"),
    # Rounds, players, receipts.
    "round as nil": (
        {"round_id": "00000000-0000-0000-0000-000000000000"},
        "round_id",
        "invalid_round_id",
    ),
    "round not a UUID": ({"round_id": "12345"}, "round_id", "invalid_round_id"),
    "bet without round": ({"round_id": ...}, "round_id", "round_id_required"),
    "win without round": ({"round_id": ..., "type": "win"}, "round_id", "round_id_required"),
    "refund without round": ({"round_id": ..., "type": "refund"}, "round_id", "round_id_required"),
    "player by e-mail": ({"player": "olena@example.com"}, "player", "invalid_player"),
    "player as tax number": ({"player": "1234567890"}, "player", "invalid_player"),
    "player as UUID": ({"player": identifier(MS)}, "player", "invalid_player"),
    "player of 31 digits": ({"player": "a" * 31}, "player", "invalid_player"),
    "player of zeros": ({"player": "0" * 32}, "player", "invalid_player"),
    "player with spaces": ({"player": "a" * 30 + "  "}, "player", "invalid_player"),
    "player with dashes": ({"player": "-" + "a" * 31}, "player", "invalid_player"),
    "receipt not a UUID": (
        {"exclusion_receipt": "x"},
        "exclusion_receipt",
        "invalid_exclusion_receipt",
    ),
    "receipt as nil": (
        {"exclusion_receipt": "00000000-0000-0000-0000-000000000000"},
        "exclusion_receipt",
        "invalid_exclusion_receipt",
    ),
    "bonus win": ({"bonus": True, "type": "win"}, "bonus", "bonus_not_allowed"),
    "bonus deposit": ({"bonus": True, "type": "deposit"}, "bonus", "bonus_not_allowed"),
    # Cancellations.
    "cancels without reason": (
        {"cancels": {"id": identifier(MS, "2")}},
        "cancels/reason",
        "missing_field",
    ),
    "cancels without id": ({"cancels": {"reason": "other"}}, "cancels/id", "missing_field"),
    "cancels for an unknown reason": (
        {"cancels": {"id": identifier(MS, "2"), "reason": "mood"}},
        "cancels/reason",
        "invalid_cancel_reason",
    ),
    "cancels with an unknown field": (
        {"cancels": {"id": identifier(MS, "2"), "reason": "other", "who": "Olena"}},
        "cancels",
        "unknown_field",
    ),
    "cancels no UUID": ({"cancels": {"id": "1", "reason": "other"}}, "cancels/id", "invalid_id"),
    "cancels a UUID of version 4": (
        {"cancels": {"id": "6f1a0e52-9d0b-4c7e-8f5a-3b2d1c0e9f8a", "reason": "other"}},
        "cancels/id",
        "id_not_version_7",
    ),
    "cancels id as a number": (
        {"cancels": {"id": 1, "reason": "other"}},
        "cancels/id",
        "wrong_type",
    ),
    "cancels itself": (
        {"cancels": {"id": identifier(MS), "reason": "other"}},
        "cancels/id",
        "cancels_itself",
    ),
}
BAD |= {
    f"no {field}": ({field: ...}, field, "missing_field")
    for field in (
        "id",
        "type",
        "occurred_at",
        "amount",
        "currency",
        "licence",
        "channel",
        "player",
        "payment",
    )
}


def bad_record(changes: dict[str, Any]) -> dict[str, Any]:
    return record(AT + 1, **{"id": identifier(MS), **changes})


def refusal_of(data: bytes, kind: wire.ContentKind = JSON) -> Refusal:
    with pytest.raises(Refusal) as caught:
        wire.decode(data, kind, CURRENCIES)
    return caught.value


@pytest.mark.parametrize("kind", [JSON, NDJSON])
@pytest.mark.parametrize("size", [AT + 1, 60])
@pytest.mark.parametrize("name", BAD)
def test_bad_record_is_named_by_pointer_and_code(
    name: str, size: int, kind: wire.ContentKind
) -> None:
    changes, field, code = BAD[name]
    rows = records(size)
    rows[AT] = bad_record(changes)
    refusal = refusal_of(body(rows, kind), kind)
    pointer = f"/{AT}/{field}" if field else f"/{AT}"
    assert refusal.errors == [FieldError(AT, pointer, code)]
    assert (refusal.code, refusal.status, refusal.total) == (code, 422, 1)


@pytest.mark.parametrize("name", BAD)
def test_bad_record_is_named_when_it_comes_alone(name: str) -> None:
    changes, field, code = BAD[name]
    refusal = refusal_of(body([bad_record(changes)]))
    assert refusal.errors == [FieldError(0, f"/0/{field}" if field else "/0", code)]


@pytest.mark.parametrize("name", BAD)
def test_the_fast_half_lets_no_bad_record_pass(name: str) -> None:
    rows = [*records(AT), bad_record(BAD[name][0])]
    assert wire._decode_fast(body(rows), JSON, CURRENCIES) is None


@pytest.mark.parametrize("value", [None, 5, "x", True, [1], []])
def test_what_is_no_object_is_refused(value: Any) -> None:
    for size in (1, 40):
        rows: list[Any] = records(size)
        rows[-1] = value
        assert refusal_of(body(rows)).errors == [FieldError.at(size - 1, "wrong_type")]


@pytest.mark.parametrize(
    ("field", "code"), [("amount", "wrong_type"), ("bonus", "wrong_type"), ("id", "wrong_type")]
)
@pytest.mark.parametrize("literal", ["1e400", "-1e400", "9" * 5000, "0.1", "-0"])
def test_a_number_of_any_size_is_a_wrong_type(field: str, code: str, literal: str) -> None:
    for size in (1, 40):
        rows = records(size)
        rows[-1][field] = "@"
        data = body(rows).replace(b'"@"', literal.encode())
        assert refusal_of(data).errors == [FieldError.at(size - 1, code, field)]


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("licence", "invalid_code"),
        ("type", "invalid_type"),
        ("currency", "unknown_currency"),
        ("player", "invalid_player"),
        ("amount", "invalid_amount"),
        ("id", "invalid_id"),
        ("occurred_at", "invalid_timestamp"),
    ],
)
@pytest.mark.parametrize("escape", [rb"\ud800", rb"\udc00x", rb"\u0000", rb"\ud83d\ud83d"])
def test_a_lone_surrogate_or_nul_is_refused(field: str, code: str, escape: bytes) -> None:
    for size in (1, 40):
        rows = records(size)
        rows[-1][field] = "@"
        data = body(rows).replace(b'"@"', b'"' + escape + b'"')
        assert refusal_of(data).errors == [FieldError.at(size - 1, code, field)]


def test_an_unknown_name_with_a_surrogate_is_refused_without_being_named() -> None:
    data = body([record(**{"@": "x"})]).replace(b'"@"', rb'"\ud800"')
    assert refusal_of(data).errors == [FieldError.at(0, "unknown_field")]


@pytest.mark.parametrize("size", [1, 40])
def test_a_field_named_twice_is_refused(size: int) -> None:
    rows = records(size)
    rows[-1]["@"] = "13.50"
    for name in (b'"amount"', rb'"\u0061mount"'):
        refusal = refusal_of(body(rows).replace(b'"@"', name))
        assert refusal.errors == [FieldError.at(size - 1, "duplicate_field")]


@pytest.mark.parametrize("size", [1, 40])
def test_a_field_of_cancels_named_twice_is_refused(size: int) -> None:
    rows = records(size)
    rows[-1]["cancels"] = {"id": identifier(MS, "2"), "reason": "other", "@": "other"}
    refusal = refusal_of(body(rows).replace(b'"@"', b'"reason"'))
    assert refusal.errors == [FieldError.at(size - 1, "duplicate_field", "cancels")]


def test_bonus_named_twice_is_refused() -> None:
    rows = records(40)
    rows[5] |= {"bonus": True, "@": False}
    refusal = refusal_of(body(rows).replace(b'"@"', b'"bonus"'))
    assert refusal.errors == [FieldError.at(5, "duplicate_field")]


def test_duplicate_ids_name_each_later_record() -> None:
    rows = records(40)
    rows[9] = rows[3]
    rows[30] = dict(rows[3], id=rows[3]["id"].upper())
    refusal = refusal_of(body(rows))
    assert refusal.code == "duplicate_id_in_batch"
    assert refusal.errors == [
        FieldError.at(9, "duplicate_id_in_batch", "id"),
        FieldError.at(30, "duplicate_id_in_batch", "id"),
    ]


def test_ids_that_share_their_low_half_are_not_duplicates() -> None:
    rows = records(40)
    rows[5]["id"] = rows[5]["id"][:18] + rows[4]["id"][18:]
    assert wire.decode(body(rows), JSON, CURRENCIES).n == 40


def test_one_record_cancelled_twice_in_a_batch_is_refused() -> None:
    rows = records(40)
    for row in (4, 7):
        rows[row]["cancels"] = {"id": identifier(MS - 10**6), "reason": "other"}
    refusal = refusal_of(body(rows))
    assert refusal.errors == [FieldError.at(7, "cancelled_twice_in_batch", "cancels/id")]


def test_every_fault_of_a_record_is_named_in_the_order_of_checking() -> None:
    rows = [record(amount="0", licence="", player="x", payment=None)]
    refusal = refusal_of(body(rows))
    assert refusal.code == "invalid_batch"
    assert [(error.pointer, error.code) for error in refusal.errors] == [
        ("/0/amount", "amount_not_positive"),
        ("/0/licence", "invalid_code"),
        ("/0/player", "invalid_player"),
        ("/0/payment", "wrong_type"),
    ]


def test_at_most_100_faults_are_listed_and_all_are_counted() -> None:
    rows = [record(number, amount="0") for number in range(1, 251)]
    refusal = refusal_of(body(rows))
    assert (len(refusal.errors), refusal.total) == (100, 250)
    document = json.loads(refusal.to_problem("r-1"))
    assert (len(document["errors"]), document["errors_total"]) == (100, 250)


def test_the_last_of_10_000_records_is_named() -> None:
    rows = records(10_000)
    rows[-1]["amount"] = "0.00"
    assert refusal_of(body(rows)).errors == [FieldError.at(9_999, "amount_not_positive", "amount")]
