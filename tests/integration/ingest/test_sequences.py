"""Streams and their sequence numbers: both sides can see a gap, nobody can hide one."""

from __future__ import annotations

import pytest

from tests.campaigns import http_races
from tests.support.api import Client


def test_a_missing_number_is_refused_unless_sent_by_hand(api: Client) -> None:
    api.refused(400, "sequence_missing", headers={"Batch-Sequence": None})
    by_hand = api.with_key("manual").accepted(headers={"Batch-Sequence": None})
    assert by_hand.document["stream_sequence"] is None
    again = api.with_key("manual").accepted(headers={"Batch-Sequence": None})
    assert again.document["operator_sequence"] == by_hand.document["operator_sequence"] + 1


@pytest.mark.parametrize(
    "number", ["", "0", "-1", "1.5", "01", "+1", "0x1", "x", "1e3", "9" * 19, "٣", "1, 2", "NaN"]
)
def test_a_number_that_is_none_is_refused(api: Client, number: str) -> None:
    sent = number.encode().decode("latin1")
    api.refused(400, "sequence_invalid", headers={"Batch-Sequence": sent})


@pytest.mark.parametrize("stream", ["", "MAIN", "a b", "a" * 33, "ä", "a.b", "a/b", "../x", "a, b"])
def test_a_stream_with_another_name_is_refused(api: Client, stream: str) -> None:
    api.refused(400, "stream_invalid", headers={"Batch-Stream": stream.encode().decode("latin1")})


def test_a_number_counts_once_in_its_stream(api: Client) -> None:
    number = api.next_sequence()
    stored = api.accepted(sequence=number)
    assert (stored.document["stream"], stored.document["stream_sequence"]) == ("main", number)
    api.refused(409, "sequence_repeated", sequence=number)
    other_stream: dict[str, str | None] = {"Batch-Stream": "hall-7_b"}
    stored = api.accepted(sequence=number, headers=other_stream)
    assert stored.document["stream"] == "hall-7_b"
    api.refused(409, "sequence_repeated", sequence=number, headers=other_stream)


def test_two_operators_count_apart(api: Client, other: Client) -> None:
    stream: dict[str, str | None] = {"Batch-Stream": "apart"}
    assert api.accepted(sequence=1, headers=stream).status == 201
    assert other.accepted(sequence=1, headers=stream).status == 201


def test_a_gap_is_accepted_and_stays_visible(api: Client) -> None:
    stream: dict[str, str | None] = {"Batch-Stream": "gaps"}
    for number in (1, 2, 5, 999_999_999_999_999_999, 4):
        api.accepted(sequence=number, headers=stream)
    found = []
    after = 0
    while True:
        page = api.get(f"/batches?after={after}&limit=50").document
        found += [b["stream_sequence"] for b in page["batches"] if b["stream"] == "gaps"]
        after = page["next_after"]
        if not page["more"]:
            break
    assert found == [1, 2, 5, 999_999_999_999_999_999, 4]


def test_a_refused_batch_uses_no_number(api: Client) -> None:
    before = api.accepted().document["operator_sequence"]
    number = api.next_sequence()
    api.refused(422, "empty_batch", body=b"[]", sequence=number)
    stored = api.accepted(sequence=number)
    # refused() stored one good batch of its own.
    assert stored.document["operator_sequence"] == before + 2


def test_clients_racing_for_one_number(api: Client) -> None:
    http_races.same_sequence(api, seed=5, count=3, clients=6)
