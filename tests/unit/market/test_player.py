"""An operator's system: sizes, sequences, what is taken back, and what is counted."""

from __future__ import annotations

import gzip
import json
import threading
import uuid
from dataclasses import replace
from typing import Any

import pytest

from portal.market.batch import TypeTotal
from portal.market.client import Answer, Client, NoAnswer
from portal.market.market import KINDS, make_operator
from portal.market.player import Player, Sending
from portal.market.summary import Summary, decimal_text
from tests.unit.market.support import EVERY_KIND, HOUR, NOON, source
from tests.unit.market.test_market import ANCHOR

SENDING = Sending(run="test", stream="sim-test", batch_size=100, refuse=0.0)
NAMES = ("bet", "win", "refund", "deposit", "withdrawal")


class Server(Client):
    """Plays the API: keeps what was posted and answers receipts with honest totals."""

    def __init__(self) -> None:
        super().__init__("http://nowhere.invalid", threading.Event())
        self.posted: list[tuple[list[dict[str, Any]], dict[str, str]]] = []
        self.refuse_at: dict[int, str] = {}
        self.silent = False
        self.short_by = 0

    def post(self, body: bytes, headers: dict[str, str]) -> Answer:
        if self.silent:
            raise NoAnswer("no_connection")
        if headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        lines = headers["Content-Type"] == "application/x-ndjson"
        records = [json.loads(line) for line in body.splitlines()] if lines else json.loads(body)
        self.posted.append((records, headers))
        code = self.refuse_at.get(len(self.posted))
        if code is not None:
            return Answer(422, {"code": code}, 0.001)
        return Answer(201, self._receipt(records), 0.001)

    def _receipt(self, records: list[dict[str, Any]]) -> dict[str, Any]:
        totals = {name: [0, -self.short_by, 0, 0] for name in NAMES}
        for record in records:
            place = 2 if "cancels" in record else 0
            totals[record["type"]][place] += 1
            totals[record["type"]][place + 1] += int(record["amount"].replace(".", ""))
        return {
            "operator_sequence": len(self.posted) + 41,
            "totals": [
                {
                    "type": name, "currency": "UAH", "count": count, "sum": decimal_text(plain),
                    "cancelled_count": back, "cancelled_sum": decimal_text(taken),
                }
                for name, (count, plain, back, taken) in totals.items()
            ],
        }  # fmt: skip


def make(rank: int = 0, cancelled: float = 0.0, **changes: Any) -> tuple[Player, Summary]:
    summary = Summary()
    operator = make_operator(KINDS[0], rank, anchor=ANCHOR)
    made = source(operator, cancelled=cancelled)
    return Player(made, "dz_live_key", replace(SENDING, **changes), summary), summary


def test_batches_are_full_and_the_rest_waits_until_it_must_go() -> None:
    player, summary = make()
    server = Server()
    player.play(NOON, NOON + HOUR, 200)
    made = player.pending
    player.send(server, whole_only=True)
    assert [len(records) for records, _ in server.posted] == [100] * (made // 100)
    assert player.pending == made % 100
    player.finish(server, NOON + HOUR)
    assert player.pending == 0
    assert summary.sent.records == summary.received.records == made
    assert summary.all_well


def test_sequence_stream_and_keys_are_in_the_headers() -> None:
    player, _ = make()
    server = Server()
    player.play(NOON, NOON + HOUR, 300)
    player.finish(server, NOON + HOUR)
    headers = [headers for _, headers in server.posted]
    assert [one["Batch-Sequence"] for one in headers] == [
        str(number + 1) for number in range(len(headers))
    ]
    assert {one["Batch-Stream"] for one in headers} == {"sim-test"}
    assert {one["Authorization"] for one in headers} == {"Bearer dz_live_key"}
    keys = [uuid.UUID(one["Idempotency-Key"]) for one in headers]
    assert len(set(keys)) == len(keys)
    assert player.first_receipt == 42


@pytest.mark.parametrize("rank", range(6))
def test_formats_and_compression_differ_by_operator(rank: int) -> None:
    player, summary = make(rank)
    server = Server()
    player.play(NOON, NOON + HOUR, 50)
    player.finish(server, NOON + HOUR)
    [(_, headers)] = server.posted
    assert headers["Content-Type"] == ("application/x-ndjson" if rank % 2 else "application/json")
    assert headers.get("Content-Encoding") == ("gzip" if rank % 3 == 2 else None)
    assert summary.all_well


def test_only_what_was_accepted_is_taken_back_and_each_once() -> None:
    player, summary = make(cancelled=0.1)
    server = Server()
    server.refuse_at = {2: "unknown_game"}
    for hour in range(3):
        player.play(NOON + hour * HOUR, NOON + (hour + 1) * HOUR, 150)
        player.send(server, whole_only=True)
    player.finish(server, NOON + 3 * HOUR)
    accepted: set[str] = set()
    targets = []
    for number, (records, _) in enumerate(server.posted, 1):
        if number in server.refuse_at:
            continue
        back = [record["cancels"]["id"] for record in records if "cancels" in record]
        assert set(back) <= accepted  # accepted in an earlier batch, not in this one
        targets += back
        accepted |= {record["id"] for record in records}
    assert len(set(targets)) == len(targets) > 20
    assert summary.refused_unexpectedly == {"unknown_game": 1}
    assert not summary.all_well


def test_a_refused_batch_leaves_its_number_to_the_next() -> None:
    player, _ = make()
    server = Server()
    server.refuse_at = {2: "unknown_game"}
    player.play(NOON, NOON + HOUR, 300)
    player.finish(server, NOON + HOUR)
    numbers = [headers["Batch-Sequence"] for _, headers in server.posted]
    assert numbers[:4] == ["1", "2", "2", "3"]


def test_spoilt_batches_come_first_and_the_right_ones_follow() -> None:
    player, summary = make(refuse=1.0)
    server = Server()
    player.play(NOON, NOON + HOUR, 60)
    server.refuse_at = {1: "whatever"}
    player.finish(server, NOON + HOUR)
    (spoilt, first), (right, second) = server.posted
    assert spoilt != right
    assert first["Idempotency-Key"] != second["Idempotency-Key"]
    assert first["Batch-Sequence"] == second["Batch-Sequence"] == "1"
    assert summary.refused_unexpectedly == {"whatever": 1}  # not the code of what was spoilt
    assert summary.sent.records == len(right)


def test_a_spoilt_batch_that_is_accepted_is_an_alarm() -> None:
    player, summary = make(refuse=1.0)
    player.play(NOON, NOON + HOUR, 60)
    player.finish(Server(), NOON + HOUR)
    assert summary.refused_unexpectedly == {"accepted_though_spoilt": 1}


def test_a_receipt_that_says_something_else_is_an_alarm() -> None:
    player, summary = make()
    server = Server()
    server.short_by = 1
    player.play(NOON, NOON + HOUR, 60)
    player.finish(server, NOON + HOUR)
    assert summary.differing == 1
    assert not summary.all_well


def test_silence_is_told_and_ends_the_stream() -> None:
    player, summary = make()
    server = Server()
    server.silent = True
    player.play(NOON, NOON + HOUR, 60)
    with pytest.raises(NoAnswer):
        player.finish(server, NOON + HOUR)
    assert summary.unanswered == {"no_connection": 1}
    assert summary.sent.records == 0


def test_the_same_run_posts_the_same_bytes() -> None:
    def posts() -> list[Any]:
        player, _ = make(cancelled=0.05, refuse=0.3)
        server = Server()
        for hour in range(4):
            player.play(NOON + hour * HOUR, NOON + (hour + 1) * HOUR, 100)
            player.send(server, whole_only=True)
        player.finish(server, NOON + 4 * HOUR)
        return server.posted

    assert posts() == posts()


def test_totals_in_the_summary_are_net_of_what_was_taken_back() -> None:
    summary = Summary()
    totals = {"bet": TypeTotal(5, 1000, 2, 300)}
    summary.accept(totals, totals, body_bytes=1, seconds=0.1, replayed=False)
    document = summary.document(1.0)
    assert document["totals"]["bet"] == {"count": 3, "sum": "7.00"}
    assert document["receipts"]["bet"]["cancelled_sum"] == "3.00"
    assert document["totals"]["win"] == {"count": 0, "sum": "0.00"}
    assert decimal_text(-5) == "-0.05"


def test_every_kind_can_be_played() -> None:
    for operator in EVERY_KIND:
        summary = Summary()
        player = Player(source(operator), "dz_live_key", SENDING, summary)
        player.play(NOON, NOON + HOUR, 50)
        player.finish(Server(), NOON + HOUR)
        assert summary.all_well
