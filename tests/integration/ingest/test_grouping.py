"""Small batches that wait together are committed together, and no sender notices the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from uuid import uuid4

import psycopg
import pytest

from portal.ingest.grouping import GROUP_BATCHES, SMALL_ROWS
from tests.support.api import Answer, Client, Inspector, in_background
from tests.support.databases import Database
from tests.support.market import Operator
from tests.support.servers import Server, serving

COPYING = "query ilike 'copy%%' and wait_event_type = 'Lock'"
Sender = Callable[[], Answer]


@pytest.fixture(scope="module")
def server(
    database: Database, first_operator: Operator, second_operator: Operator
) -> Iterator[Server]:
    """One worker, so that all who wait do so in one place."""
    with serving(database, workers=1) as started:
        yield started


@pytest.fixture(scope="module")
def api(server: Server, inspector: Inspector, first_operator: Operator) -> Client:
    return Client(server.port, first_operator, inspector, sequences=count(10**6))


@pytest.fixture(scope="module")
def other(server: Server, inspector: Inspector, second_operator: Operator) -> Client:
    return Client(server.port, second_operator, inspector, sequences=count(10**6))


@contextmanager
def way_barred(database: Database, api: Client) -> Iterator[None]:
    """One batch is held up in the middle of its COPY; those that follow gather behind it."""
    with psycopg.connect(database.url()) as conn:
        conn.execute("lock table rollup.hour in exclusive mode")
        first = in_background(api.accepted)
        api.inspector.await_blocked(where=COPYING)
        yield
    assert first().status == 201


def gathered(database: Database, api: Client, senders: list[Sender]) -> list[Answer]:
    """What senders are answered who came one after the other while the way was barred."""
    with way_barred(database, api):
        waiting = []
        for send in senders:
            waiting.append(in_background(send))
            time.sleep(0.05)
        time.sleep(0.3)
    return [one() for one in waiting]


def commits(api: Client, answers: list[Answer]) -> int:
    """In how many transactions batches were committed."""
    count: int = api.inspector.value(
        "select count(distinct received_at) from ledger.batch where id = any (%s)",
        [answer.batch_id for answer in answers],
    )
    return count


def test_those_who_wait_together_are_committed_together(
    database: Database, api: Client, other: Client
) -> None:
    senders: list[Sender] = [api.post, other.post] * 5
    answers = gathered(database, api, senders)
    assert {answer.status for answer in answers} == {201}
    assert commits(api, answers) == 1
    for client, own in ((api, answers[::2]), (other, answers[1::2])):
        numbers = [answer.document["operator_sequence"] for answer in own]
        assert numbers == list(range(numbers[0], numbers[0] + 5)), "in the order of arrival"
        for answer in own:
            read = client.get(f"/batches/{answer.batch_id}")
            assert read.document | answer.document == read.document
    stored = api.inspector.value(
        "select count(*) from ledger.transaction where batch_id = any (%s) and row_no = 1",
        [answer.batch_id for answer in answers],
    )
    assert stored == 10


def test_a_batch_alone_does_not_wait_for_company(api: Client) -> None:
    first, second = api.accepted(), api.accepted()
    assert commits(api, [first, second]) == 2


def test_a_large_batch_goes_alone(database: Database, api: Client) -> None:
    large = api.records(SMALL_ROWS + 1)
    answers = gathered(database, api, [lambda: api.post(large), api.post, api.post])
    assert [answer.status for answer in answers] == [201] * 3
    assert commits(api, answers) == 2


def test_a_group_has_a_size(database: Database, api: Client, other: Client) -> None:
    keys = [api, api.with_key("second"), other]  # of one key so many do not get this far
    senders: list[Sender] = [keys[n % 3].post for n in range(GROUP_BATCHES + 3)]
    answers = gathered(database, api, senders)
    assert {answer.status for answer in answers} == {201}
    assert commits(api, answers) == 2


@pytest.mark.parametrize("place", [0, 2, 4])
def test_an_id_that_is_stored_already_refuses_its_own_batch_alone(
    database: Database, api: Client, other: Client, place: int
) -> None:
    known = api.records(1)
    api.accepted(known)
    bad = [*api.records(1), *known]
    senders: list[Sender] = [api.post, other.post, api.post, other.post]
    senders.insert(place, lambda: api.post(bad))
    answers = gathered(database, api, senders)
    refused = answers.pop(place)
    assert (refused.status, refused.errors) == (409, [("/1/id", "duplicate_id")])
    assert {answer.status for answer in answers} == {201}
    assert api.inspector.last_refusal(api.operator).codes == {"duplicate_id": 1}


def test_whose_batch_failed_a_group_shares_with_nobody_for_a_while(
    database: Database, api: Client, other: Client
) -> None:
    known = api.records(1)
    api.accepted(known)
    answers = gathered(database, api, [other.post, lambda: api.post(known), other.post])
    assert [answer.code for answer in answers] == ["", "duplicate_id", ""]
    senders: list[Sender] = [api.post, other.post] * 3
    answers = gathered(database, api, senders)
    assert commits(api, answers[::2]) == commits(api, answers[1::2]) == 1
    assert commits(api, answers) == 2


def test_neighbours_with_one_id_are_told_apart(database: Database, api: Client) -> None:
    """The first to come is stored, and the second is named, as if they had come alone."""
    records = api.records(2)
    before = api.figures()
    answers = gathered(
        database, api, [api.post, lambda: api.post(records), lambda: api.post(records[::-1])]
    )
    assert [answer.status for answer in answers] == [201, 201, 409]
    assert answers[2].errors == [("/0/id", "duplicate_id"), ("/1/id", "duplicate_id")]
    assert api.figures().transactions - before.transactions == 4


def test_a_key_sent_twice_gets_one_batch(database: Database, api: Client) -> None:
    records, key, number = api.records(3), uuid4(), api.next_sequence()
    before = api.figures()

    def send() -> Answer:
        return api.post(records, idempotency_key=key, sequence=number)

    answers = gathered(database, api, [send, api.post, send, send])
    assert [answer.status for answer in answers] == [201, 201, 409, 409]
    assert send().body == answers[0].body
    assert api.figures().batches - before.batches == 3


def test_a_number_sent_twice_is_given_once(database: Database, api: Client) -> None:
    number = api.next_sequence()
    answers = gathered(
        database, api, [api.post, *[lambda: api.post(sequence=number)] * 2, api.post]
    )
    assert [answer.status for answer in answers] == [201, 201, 409, 201]
    assert answers[2].code == "sequence_repeated"


def test_what_a_neighbour_brings_can_be_taken_back_after_it_only(
    database: Database, api: Client, other: Client
) -> None:
    """A cancellation that came before its target is refused, one that came after is not."""
    target, later = api.record(), api.record()
    answers = gathered(
        database,
        api,
        [
            lambda: api.post([target]),
            lambda: api.post([api.cancelling(later)]),
            other.post,
            lambda: api.post([api.cancelling(target)]),
            lambda: api.post([later]),
        ],
    )
    assert [answer.status for answer in answers] == [201, 422, 201, 201, 201]
    assert answers[1].code == "cancelled_not_found"
    assert answers[0].document["operator_sequence"] < answers[3].document["operator_sequence"]


def test_what_the_registry_or_the_clock_refuses_leaves_the_group_whole(
    database: Database, api: Client
) -> None:
    answers = gathered(
        database,
        api,
        [
            api.post,
            lambda: api.post([api.record(game="unheard-of")]),
            lambda: api.post([api.record(at=946_684_800_000)]),
            lambda: api.post(headers={"Batch-Sequence": None}),
            api.post,
        ],
    )
    assert [answer.code for answer in answers] == [
        "",
        "unknown_game",
        "occurred_at_too_old",
        "sequence_missing",
        "",
    ]
    assert commits(api, [answers[0], answers[4]]) == 1


def test_a_key_that_is_revoked_meanwhile_stops_its_own_batch(
    database: Database, api: Client, other: Client
) -> None:
    revoked = api.with_key("revoked")
    answers = gathered(database, api, [api.post, revoked.post, other.post])
    assert [answer.code for answer in answers] == ["", "key_revoked", ""]


def test_a_lost_connection_promises_nobody_anything(database: Database, api: Client) -> None:
    """Nobody of the group is told a receipt, and everyone may send the same again."""
    records = [api.records(1) for _ in range(4)]
    requests = [
        {"records": one, "idempotency_key": uuid4(), "sequence": api.next_sequence()}
        for one in records
    ]
    senders: list[Sender] = [lambda it=it: api.post(**it) for it in requests]  # type: ignore[misc]
    before = api.figures()
    with psycopg.connect(database.url()) as conn, conn.transaction():
        conn.execute("lock table rollup.hour in exclusive mode")
        first = in_background(api.post)
        api.inspector.await_blocked(where=COPYING)
        waiting = [in_background(send) for send in senders]
        time.sleep(0.5)
        for _ in range(2):  # the first one, and then the group
            (pid,) = api.inspector.await_blocked(where=COPYING)
            api.inspector.execute("select pg_terminate_backend(%s)", pid)
            while api.inspector.value("select count(*) from pg_stat_activity where pid = %s", pid):
                time.sleep(0.01)
    answers = [first(), *(one() for one in waiting)]
    assert {answer.code for answer in answers} == {"service_unavailable"}
    assert api.figures() == before
    assert [send().status for send in senders] == [201] * 4


def test_switched_off_each_batch_commits_alone(
    database: Database, api: Client, inspector: Inspector, first_operator: Operator
) -> None:
    with serving(database, workers=1, DOZIR_GROUP_COMMIT="0") as server:
        single = Client(server.port, first_operator, inspector, sequences=api.sequences)
        answers = gathered(database, single, [single.post] * 3)
        assert [answer.status for answer in answers] == [201] * 3
        assert commits(single, answers) == 3


def test_operators_take_turns(database: Database, api: Client, other: Client) -> None:
    """One who has many batches waiting delays another by one turn, not by all of them."""
    many = [api.records(SMALL_ROWS + 1) for _ in range(8)]
    with way_barred(database, api):
        flood = [in_background(lambda it=it: api.post(it)) for it in many]  # type: ignore[misc]
        time.sleep(1)
        late = in_background(lambda: other.post(other.records(SMALL_ROWS + 1)))
        time.sleep(0.5)
    answers = [one() for one in flood]
    own = late()
    assert {answer.status for answer in [*answers, own]} == {201}
    overtaken = sum(answer.batch_id > own.batch_id for answer in answers)
    assert overtaken >= 3, "of eight, at most four were under way, and one had its turn first"
