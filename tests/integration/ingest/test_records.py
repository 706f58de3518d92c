"""What a field may not hold: each case alone in a small batch and deep inside a large one.

Small batches and large ones are decoded by different code; both must name the same fault.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.api import Client, Record, encoded

NIL = "00000000-0000-0000-0000-000000000000"
V4 = "0b0f2a30-6f0c-4f0e-9d0a-2f1f6b7a8c9d"
ROUND = "018f2f9e-7d2c-4e0c-8f46-0123456789ab"
HUGE = 10**400


class Raw(str):
    """A value written into the body as it stands, not as a JSON string."""


def body_of(records: list[Record]) -> bytes:
    """Like ``encoded``, with ``Raw`` values unquoted."""
    raw: list[str] = []

    def plain(value: Any) -> Any:
        if isinstance(value, Raw):
            raw.append(value)
            return f"@raw{len(raw) - 1}@"
        return value

    text = encoded([{name: plain(value) for name, value in r.items()} for r in records]).decode()
    for number, value in enumerate(raw):
        text = text.replace(f'"@raw{number}@"', value)
    return text.encode("utf-8", "surrogatepass")


# (field, value, code): value None leaves the field out.
CASES: list[tuple[str, Any, str]] = [
    ("amount", Raw("12.5"), "wrong_type"),
    ("amount", Raw("12"), "wrong_type"),
    ("amount", Raw("1e400"), "wrong_type"),
    ("amount", Raw("1" + "0" * 400), "wrong_type"),
    ("amount", Raw("null"), "wrong_type"),
    ("amount", Raw("true"), "wrong_type"),
    ("amount", Raw('["1.00"]'), "wrong_type"),
    ("amount", Raw('{"value":"1.00"}'), "wrong_type"),
    ("amount", "1" + "0" * 400, "amount_too_large"),
    ("amount", "9" * 8_000, "amount_too_large"),
    ("amount", "1000000000000.01", "amount_too_large"),
    ("amount", "9223372036854775808", "amount_too_large"),
    ("amount", "1.005", "amount_too_precise"),
    ("amount", "0.0000000001", "amount_too_precise"),
    ("amount", "-1.00", "amount_not_positive"),
    ("amount", "-0", "amount_not_positive"),
    ("amount", "0", "amount_not_positive"),
    ("amount", "0.00", "amount_not_positive"),
    ("amount", "", "invalid_amount"),
    ("amount", " 1.00", "invalid_amount"),
    ("amount", "1.00\n", "invalid_amount"),
    ("amount", "+1.00", "invalid_amount"),
    ("amount", "1,00", "invalid_amount"),
    ("amount", "1 000.00", "invalid_amount"),
    ("amount", "1_000", "invalid_amount"),
    ("amount", "01.00", "invalid_amount"),
    ("amount", "1.", "invalid_amount"),
    ("amount", ".5", "invalid_amount"),
    ("amount", "1e3", "invalid_amount"),
    ("amount", "0x10", "invalid_amount"),
    ("amount", "NaN", "invalid_amount"),
    ("amount", "Infinity", "invalid_amount"),
    ("amount", "١٢", "invalid_amount"),
    ("amount", "1.00\0", "invalid_amount"),
    ("amount", None, "missing_field"),
    ("currency", "XXX", "unknown_currency"),
    ("currency", "uah", "unknown_currency"),
    ("currency", "", "unknown_currency"),
    ("currency", "UAH\0", "unknown_currency"),
    ("currency", Raw("980"), "wrong_type"),
    ("currency", None, "missing_field"),
    ("type", "stake", "invalid_type"),
    ("type", "BET", "invalid_type"),
    ("type", Raw("1"), "wrong_type"),
    ("type", None, "missing_field"),
    ("payment", "crypto", "invalid_payment"),
    ("payment", None, "missing_field"),
    ("id", "", "invalid_id"),
    ("id", NIL, "invalid_id"),
    ("id", "0" * 32, "invalid_id"),
    ("id", "{id}0", "invalid_id"),
    ("id", "{{id}}", "invalid_id"),
    ("id", V4, "id_not_version_7"),
    ("id", Raw("7"), "wrong_type"),
    ("id", None, "missing_field"),
    ("occurred_at", "", "invalid_timestamp"),
    ("occurred_at", "now", "invalid_timestamp"),
    ("occurred_at", "2026-02-30T00:00:00Z", "invalid_timestamp"),
    ("occurred_at", "2026-01-01", "invalid_timestamp"),
    ("occurred_at", "2026-01-01 00:00:00Z", "invalid_timestamp"),
    ("occurred_at", "2026-01-01T24:00:00Z", "invalid_timestamp"),
    ("occurred_at", "2026-01-01T23:59:60Z", "invalid_timestamp"),
    ("occurred_at", "2026-01-01T00:00:00.0001Z", "invalid_timestamp"),
    ("occurred_at", "2026-01-01T00:00:00+25:00", "invalid_timestamp"),
    ("occurred_at", "0000-01-01T00:00:00Z", "invalid_timestamp"),
    ("occurred_at", "10000-01-01T00:00:00Z", "invalid_timestamp"),
    ("occurred_at", "2026-01-01T00:00:00", "timestamp_without_offset"),
    ("occurred_at", "2026-01-01T00:00:00.123", "timestamp_without_offset"),
    ("occurred_at", "0001-01-01T00:00:00Z", "occurred_at_too_old"),
    ("occurred_at", Raw("1700000000"), "wrong_type"),
    ("occurred_at", None, "missing_field"),
    ("licence", "", "invalid_code"),
    ("licence", "x" * 65, "invalid_code"),
    ("licence", " FA-ONLINE", "invalid_code"),
    ("licence", "FA-ONLINE\0", "invalid_code"),
    ("licence", "FA-ONLINE\n", "invalid_code"),
    ("licence", Raw('"\\ud800"'), "invalid_code"),
    ("licence", "FA-NONE", "unknown_licence"),
    ("licence", Raw("1"), "wrong_type"),
    ("licence", None, "missing_field"),
    ("channel", "\0", "invalid_code"),
    ("channel", "SITE-NONE", "unknown_channel"),
    ("channel", None, "missing_field"),
    ("game", "\u202eBOOK", "invalid_code"),
    ("game", "NONE", "unknown_game"),
    ("game", Raw("null"), "wrong_type"),
    ("equipment", "\t", "invalid_code"),
    ("equipment", "NONE", "unknown_equipment"),
    ("equipment", Raw("{}"), "wrong_type"),
    ("round_id", NIL, "invalid_round_id"),
    ("round_id", "round-1", "invalid_round_id"),
    ("round_id", Raw("null"), "wrong_type"),
    ("round_id", None, "round_id_required"),
    ("player", "0" * 32, "invalid_player"),
    ("player", "a" * 31, "invalid_player"),
    ("player", "g" * 32, "invalid_player"),
    ("player", ROUND, "invalid_player"),
    ("player", "a" * 31 + "\0", "invalid_player"),
    ("player", Raw("1"), "wrong_type"),
    ("player", None, "missing_field"),
    ("bonus", "true", "wrong_type"),
    ("bonus", Raw("1"), "wrong_type"),
    ("bonus", Raw("null"), "wrong_type"),
    ("exclusion_receipt", NIL, "invalid_exclusion_receipt"),
    ("exclusion_receipt", "", "invalid_exclusion_receipt"),
    ("exclusion_receipt", Raw("0"), "wrong_type"),
]


def broken(record: Record, field: str, value: Any) -> Record:
    made = dict(record)
    made.pop(field, None)
    if isinstance(value, Raw):
        return made | {field: value}
    if value is not None:
        text = value.replace("{{id}}", "{" + record["id"] + "}").replace("{id}", record["id"])
        made[field] = text
    return made


@pytest.mark.parametrize(("field", "value", "code"), CASES)
def test_a_faulty_field_is_named(api: Client, field: str, value: Any, code: str) -> None:
    wrong = broken(api.record(), field, value)
    api.refused(422, code, [(f"/0/{field}", code)], body=body_of([wrong]))
    deep = [*api.records(15), wrong, *api.records(5)]
    api.refused(422, code, [(f"/15/{field}", code)], body=body_of(deep))


def test_the_smallest_and_the_largest_amount_are_stored(api: Client) -> None:
    before = api.inspector.sums(api.operator)["bet"][1]
    amounts = ["0.01", "1000000000000.00", "1000000000000", "5", "0.1"]
    api.accepted([api.record(amount=amount) for amount in amounts])
    added = 1 + 10**14 + 10**14 + 500 + 10
    assert api.inspector.sums(api.operator)["bet"][1] - before == added


def test_a_currency_has_its_own_decimals(api: Client) -> None:
    api.accepted(
        [api.record(amount="5", currency="JPY"), api.record(amount="1.005", currency="KWD")]
    )
    wrong = api.record(amount="5.0", currency="JPY")
    api.refused(422, "amount_too_precise", [("/0/amount", "amount_too_precise")], records=[wrong])


@pytest.mark.parametrize("kind", ["win", "refund", "deposit", "withdrawal"])
def test_only_a_bet_can_be_a_bonus_stake(api: Client, kind: str) -> None:
    api.accepted([api.record(bonus=True), api.record(bonus=False, type=kind)])
    wrong = [*api.records(20), api.record(bonus=True, type=kind)]
    errors = [("/20/bonus", "bonus_not_allowed")]
    api.refused(422, "bonus_not_allowed", errors, records=wrong)


def test_money_to_and_from_an_account_needs_no_round(api: Client) -> None:
    api.accepted([api.record(type=kind, round_id=None) for kind in ("deposit", "withdrawal")])
    for kind in ("bet", "win", "refund"):
        wrong = api.record(type=kind, round_id=None)
        api.refused(422, "round_id_required", records=[wrong])


@pytest.mark.parametrize(
    ("id_", "code"),
    [
        ("018f2f9e-7d2c-1e0c-8f46-0123456789ab", "id_not_version_7"),
        ("018f2f9e-7d2c-8e0c-8f46-0123456789ab", "id_not_version_7"),
        ("018f2f9e-7d2c-7e0c-cf46-0123456789ab", "id_not_version_7"),
        ("018f2f9e-7d2c-7e0c-0f46-0123456789ab", "id_not_version_7"),
        ("018f2f9e-7d2c-7e0c-8f46-0123456789ab", "id_time_mismatch"),
        ("ffffffff-ffff-7fff-bfff-ffffffffffff", "id_time_mismatch"),
    ],
)
def test_an_id_carries_its_version_and_its_time(api: Client, id_: str, code: str) -> None:
    wrong = api.record(id=id_)
    api.refused(422, code, [("/0/id", code)], records=[wrong])
    api.refused(422, code, [("/20/id", code)], records=[*api.records(20), wrong])


def test_an_id_is_off_by_one_millisecond(api: Client) -> None:
    first, second = api.record(), api.record()
    moment = int(first["id"].replace("-", "")[:12], 16)
    late = f"{moment + 1:012x}"
    wrong = first | {"id": f"{late[:8]}-{late[8:]}{first['id'][13:]}"}
    api.refused(422, "id_time_mismatch", [("/1/id", "id_time_mismatch")], records=[second, wrong])


@pytest.mark.parametrize(
    "name",
    ["", "comment", "Amount", "amount ", "__proto__", "operator_id", "batch_id", "\0", "імʼя"],
)
def test_an_unknown_field_is_refused_without_its_name(api: Client, name: str) -> None:
    wrong = api.record(**{name: "x"})
    for records, row in (([wrong], 0), ([*api.records(20), wrong], 20)):
        answer = api.refused(422, "unknown_field", [(f"/{row}", "unknown_field")], records=records)
        if name not in ("", "Amount", "amount ", "comment", "batch_id"):
            assert json.dumps(name)[1:-1].encode() not in answer.body


@pytest.mark.parametrize("field", ["amount", "player", "id", "bonus"])
def test_a_field_named_twice_is_refused(api: Client, field: str) -> None:
    """Which of the two counts is not ours to guess."""
    record = api.record(bonus=True)
    twice = json.dumps({field: record[field]})[1:-1]
    for more in (0, 20):
        body = encoded([*api.records(more), record])[:-2] + f",{twice}}}]".encode()
        api.refused(422, "duplicate_field", [(f"/{more}", "duplicate_field")], body=body)


def test_escaped_text_is_the_same_text(api: Client) -> None:
    """A field name or value written in escapes is what it stands for, twice or not."""
    records = api.records(20)
    body = encoded(records).replace(b'"amount"', b'"\\u0061mount"').replace(b"UAH", b"U\\u0041H")
    assert api.accepted(body=body).document["rows"] == 20
    record = api.record()
    twice = encoded([record])[:-2] + b',"\\u0061mount":"1.00"}]'
    api.refused(422, "duplicate_field", [("/0", "duplicate_field")], body=twice)


def test_every_fault_is_counted_and_a_hundred_are_named(api: Client) -> None:
    wrong = [record | {"amount": "0", "currency": "XXX"} for record in api.records(120)]
    answer = api.refused(422, "invalid_batch", records=wrong)
    assert len(answer.errors) == 100
    assert answer.document["errors_total"] == 240


def test_several_faults_of_several_records_are_all_named(api: Client) -> None:
    records = api.records(4)
    records[1] |= {"amount": "0", "player": "x"}
    records[3] = records[3] | {"type": "loss", "channel": "\0"}
    del records[3]["currency"]
    answer = api.refused(422, "invalid_batch", records=records)
    assert set(answer.errors) == {
        ("/1/amount", "amount_not_positive"),
        ("/1/player", "invalid_player"),
        ("/3/type", "invalid_type"),
        ("/3/channel", "invalid_code"),
        ("/3/currency", "missing_field"),
    }


@pytest.mark.parametrize(
    ("cancels", "errors"),
    [
        ("id", [("/0/cancels", "wrong_type")]),
        ([], [("/0/cancels", "wrong_type")]),
        ({}, [("/0/cancels/id", "missing_field"), ("/0/cancels/reason", "missing_field")]),
        ({"id": V4, "reason": "other"}, [("/0/cancels/id", "id_not_version_7")]),
        ({"id": "x", "reason": "other"}, [("/0/cancels/id", "invalid_id")]),
        (
            {"id": "018f2f9e-7d2c-7e0c-8f46-0123456789ab", "reason": "because"},
            [("/0/cancels/reason", "invalid_cancel_reason")],
        ),
        (
            {"id": "018f2f9e-7d2c-7e0c-8f46-0123456789ab", "reason": 1},
            [("/0/cancels/reason", "wrong_type")],
        ),
        (
            {"id": "018f2f9e-7d2c-7e0c-8f46-0123456789ab", "reason": "other", "note": "x"},
            [("/0/cancels", "unknown_field")],
        ),
    ],
)
def test_a_faulty_cancels_is_named(
    api: Client, cancels: Any, errors: list[tuple[str, str]]
) -> None:
    codes = {code for _, code in errors}
    code = codes.pop() if len(codes) == 1 else "invalid_batch"
    api.refused(422, code, errors, records=[api.record(cancels=cancels)])
    deep = [(pointer.replace("/0/", "/20/"), code) for pointer, code in errors]
    api.refused(422, code, deep, records=[*api.records(20), api.record(cancels=cancels)])
