"""Crowds of small batches that arrive together: one bad batch never fails its neighbours.

Each round sends, at the same moment and from several operators, batches that are good, batches
that are bad in every way, and batches that compete with each other, while a key is revoked and a
code registered. In half of the rounds the ledger is held up first, so that all of them wait and
may be stored together. Every sender must get the answer that it would have got alone:

* a bad batch the very answer it got when it was sent alone before;
* of those that compete exactly one is stored, and the others are told why they are not;
* what was answered with a receipt is stored whole under that very receipt, byte for byte;
* what was refused left nothing but the record of its refusal.
"""

from __future__ import annotations

import json
import random
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from tests.campaigns.campaign import Campaign, Task, say
from tests.support.api import Answer, Client, Inspector, Record, at_once, encoded, lines
from tests.support.databases import Database, become, rows, value
from tests.support.market import Key, Market, add_key, day, game, register_market
from tests.support.receipts import stored_part
from tests.support.servers import serving

GOOD_SIZES = (1, 1, 1, 1, 2, 3, 10, 60)
HOLD_UP_S = 0.15
UNAVAILABLE_TRIES = 20
TOO_MANY = 10_001
STORED = {"201"}
# Refused, while another body is stored under the same idempotency key.
KEY_IS_STORED = {"key of another body", "key used with another body"}
REPEATED = {"201", "200", "in_flight"}


@dataclass
class Sending:
    """One request of the crowd and what may become of it: codes of refusals, or statuses."""

    kind: str
    client: Client
    records: Sequence[Any]
    allowed: set[str]
    body: bytes = b""
    key: UUID = field(default_factory=uuid4)
    sequence: int | None = None
    headers: dict[str, str | None] = field(default_factory=dict)
    alone: Answer | None = None  # what it was answered when nobody else was there
    answer: Answer | None = None

    def __post_init__(self) -> None:
        self.body = self.body or encoded(self.records)
        self.sequence = self.sequence or self.client.next_sequence()

    def send(self) -> Answer:
        """Post it; what is told to come again later does so, under the same idempotency key."""
        for _ in range(UNAVAILABLE_TRIES):
            answer = self.client.post(
                body=self.body,
                idempotency_key=self.key,
                sequence=self.sequence,
                headers=self.headers,
            )
            if answer.status not in (429, 503):
                break
            time.sleep(0.2)
        return answer

    @property
    def outcome(self) -> str:
        assert self.answer is not None
        return self.answer.code or str(self.answer.status)

    def __str__(self) -> str:
        answer = self.answer.body[:500] if self.answer else None
        return f"{self.kind} of {self.client.operator.code}: {self.outcome}, {answer!r}"


@dataclass
class Crowd:
    """One round: what is sent, which of it competes, and what else happens meanwhile."""

    rng: random.Random
    clients: Sequence[Client]
    database: Database
    sendings: list[Sending] = field(default_factory=list)
    contests: list[list[Sending]] = field(default_factory=list)
    meanwhile: list[Callable[[], None]] = field(default_factory=list)
    afterwards: list[Callable[[], None]] = field(default_factory=list)
    answered: list[Sending] = field(default_factory=list)

    def send(self, sending: Sending) -> Answer:
        try:
            return sending.send()
        finally:
            self.answered.append(sending)

    def await_some(self, share: float) -> None:
        """Wait until this share of the crowd has its answers."""
        while len(self.answered) < share * len(self.sendings):
            time.sleep(0.001)

    def client(self) -> Client:
        return self.rng.choice(self.clients)

    def add(self, kind: str, client: Client, records: Sequence[Any], allowed: Iterable[str],
            **more: Any) -> Sending:  # fmt: skip
        made = Sending(kind, client, records, set(allowed), **more)
        self.sendings.append(made)
        return made

    def contest(self, *sendings: Sending) -> None:
        """Exactly one of these is stored."""
        self.contests.append(list(sendings))


Scene = Callable[[Crowd], None]


def good(crowd: Crowd) -> None:
    """Ordinary batches, as most are."""
    for _ in range(crowd.rng.randint(6, 14)):
        client = crowd.client()
        crowd.add("good", client, client.records(crowd.rng.choice(GOOD_SIZES)), STORED)


def bad(crowd: Crowd) -> None:
    """Batches that are refused whoever else is there; each was sent alone before."""
    client = crowd.client()
    stored = client.records(1)
    number = client.accepted(stored).document["stream_sequence"]
    cancelled = client.records(1)
    client.accepted(cancelled)
    client.accepted([client.cancelling(cancelled[0])])
    stranger = next(one for one in crowd.clients if one.operator.id != client.operator.id)
    theirs = client.records(1)
    stranger_record = stranger.records(1)
    stranger.accepted(stranger_record)
    twin = client.record()
    used = uuid4()
    client.accepted(client.records(2), idempotency_key=used)
    faults: list[tuple[str, Sequence[Any], dict[str, Any]]] = [
        ("unknown game", [client.record(), client.record(game="NO-SUCH")], {}),
        ("broken amount", [client.record(amount="-1")], {}),
        ("unknown field", [client.record(nobody="knows")], {}),
        ("twice in the batch", [twin, client.record(), twin], {}),
        ("stored before", [client.record(), *stored], {}),
        ("cancels nothing", [client.cancelling(client.record())], {}),
        ("cancels again", [client.record(), client.cancelling(cancelled[0])], {}),
        (
            "cancels another's",
            [client.cancelling(theirs[0] | {"id": stranger_record[0]["id"]})],
            {},
        ),
        ("cancels other facts", [client.cancelling(stored[0], amount="99.99")], {}),
        ("sequence taken", client.records(1), {"sequence": number}),
        ("no sequence", client.records(1), {"headers": {"Batch-Sequence": None}}),
        ("no key", client.records(1), {"headers": {"Authorization": None}}),
        ("unknown encoding", client.records(1), {"headers": {"Content-Encoding": "br"}}),
        ("revoked key", client.records(1), {"client": client.with_key("revoked")}),
        ("key that reads", client.records(1), {"client": client.with_key("read")}),
        ("key used with another body", client.records(3), {"key": used}),
        ("not JSON", [], {"body": b'[{"id": '}),
        ("empty", [], {"body": b"[]"}),
        ("too many", [], {"body": b"[" + b",".join([b"{}"] * TOO_MANY) + b"]"}),
    ]
    for kind, records, more in crowd.rng.sample(faults, crowd.rng.randint(5, 9)):
        made = Sending(kind, more.pop("client", client), records, set(), **more)
        made.alone = made.send()
        assert made.alone.status >= 400, made.alone
        if kind != "key used with another body":
            made.key = uuid4()
        crowd.sendings.append(made)


def same_ids(crowd: Crowd) -> None:
    """The same records in several batches of one operator, and the same ids in another's."""
    client = crowd.client()
    shared = client.records(crowd.rng.choice((1, 1, 3)))
    rivals = [
        crowd.add(
            "same ids", client, crowd.rng.sample(shared, len(shared)), {"201", "duplicate_id"}
        )
        for _ in range(crowd.rng.randint(2, 4))
    ]
    crowd.contest(*rivals)
    other = next(one for one in crowd.clients if one.operator.id != client.operator.id)
    crowd.add("another's id", other, [other.record() | {
        "id": shared[0]["id"], "occurred_at": shared[0]["occurred_at"],
    }], STORED)  # fmt: skip


def neighbours_share(crowd: Crowd) -> None:
    """One of a batch's records is in the next batch too: both cannot be stored, one may."""
    client = crowd.client()
    shared = client.record()
    crowd.contest(
        crowd.add("shares", client, [client.record(), shared], {"201", "duplicate_id"}),
        crowd.add("shares", client, [shared, client.record()], {"201", "duplicate_id"}),
    )


def same_sequence(crowd: Crowd) -> None:
    """One sequence number for several batches."""
    client = crowd.client()
    number = client.next_sequence()
    crowd.contest(*(
        crowd.add("same sequence", client, client.records(1), {"201", "sequence_repeated"},
                  sequence=number)
        for _ in range(crowd.rng.randint(2, 3))
    ))  # fmt: skip


def same_key(crowd: Crowd) -> None:
    """The same request several times in the same moment, and its key with another body."""
    client, key = crowd.client(), uuid4()
    records = client.records(crowd.rng.choice((1, 4)))
    number = client.next_sequence()
    same = [
        crowd.add("same key", client, records, REPEATED, key=key, sequence=number)
        for _ in range(crowd.rng.randint(2, 4))
    ]

    def agree() -> None:
        receipts = {one.answer.body for one in same if one.answer and one.answer.status < 300}
        assert len(receipts) == 1, "one idempotency key, several receipts"
        again = same[0].send()
        assert (again.status, {again.body}) == (200, receipts)

    crowd.contest(*same)
    crowd.afterwards.append(agree)


def same_key_other_body(crowd: Crowd) -> None:
    """One idempotency key and two bodies: one is stored."""
    client, key = crowd.client(), uuid4()
    outcomes = {"201", "in_flight", "idempotency_key_reused"}
    crowd.contest(*(
        crowd.add("key of another body", client, client.records(1), outcomes, key=key)
        for _ in range(2)
    ))  # fmt: skip


def cancellations(crowd: Crowd) -> None:
    """Two take back the same record; one takes back what its neighbour is storing."""
    client = crowd.client()
    target = client.record()
    client.accepted([target])
    crowd.contest(*(
        crowd.add("cancels the same", client, [client.cancelling(target)],
                  {"201", "already_cancelled"})
        for _ in range(2)
    ))  # fmt: skip
    fresh = client.record()
    crowd.add("is cancelled", client, [fresh], STORED)
    crowd.add("cancels a neighbour's", client, [client.cancelling(fresh)],
              {"201", "cancelled_not_found"})  # fmt: skip


def revoked_meanwhile(crowd: Crowd) -> None:
    """A key is revoked: once that has returned, no batch of it commits."""
    client = crowd.client()
    with crowd.database.connect() as conn:
        become(conn, "registrar")
        key: Key = add_key(conn, client.operator.id)
    doomed = Client(client.port, client.operator, client.inspector, key, client.sequences)
    for _ in range(3):
        crowd.add("key revoked", doomed, doomed.records(1), {"201", "key_revoked"})
    count = "select count(*) from ledger.batch where access_key_id = %s"
    at_return: list[int] = []
    share = crowd.rng.uniform(0, 0.7)

    def revoke() -> None:
        crowd.await_some(share)
        with crowd.database.connect() as conn:
            become(conn, "registrar")
            conn.execute("select api.revoke_access_key(%s)", (key.id,))
        with crowd.database.rolled_back() as conn:
            at_return.append(value(conn, count, (key.id,)))

    def hold() -> None:
        with crowd.database.rolled_back() as conn:
            assert [value(conn, count, (key.id,))] == at_return, "stored after the revocation"
        assert doomed.post(doomed.records(1)).code == "key_revoked"

    crowd.meanwhile.append(revoke)
    crowd.afterwards.append(hold)


def registered_meanwhile(crowd: Crowd) -> None:
    """A code is registered: from then on it is known, before it is refused, and nothing between."""
    client = crowd.client()
    code = f"NEW-{secrets.token_hex(4).upper()}"
    kind = client.operator.document["licences"][0]["type"]
    licence = client.operator.document["licences"][0]["number"]
    playing = partial(client.record, game=code, licence=licence)
    if kind == "land_casino":  # its games are played on a table
        playing = partial(client.record, game=code)
    for _ in range(3):
        crowd.add("code registered", client, [playing()], {"201", "unknown_game"})
    share = crowd.rng.uniform(0, 0.7)

    def register() -> None:
        crowd.await_some(share)
        nothing: dict[str, Any] = {"licences": [], "channels": [], "equipment": [], "games": []}
        new = {"games": [game(code, kind, active_from=day(-1))]}
        with crowd.database.connect() as conn:
            become(conn, "registrar")
            whole = client.operator.document | nothing | new
            conn.execute("select api.import_operator(%s)", (Jsonb(whole),))

    def known() -> None:
        for _ in range(3):
            client.accepted([playing()])

    crowd.meanwhile.append(register)
    crowd.afterwards.append(known)


def other_forms(crowd: Crowd) -> None:
    """The same rules for lines of JSON, and for a stream of another name."""
    client = crowd.client()
    records = client.records(3)
    crowd.add("lines", client, records, STORED, body=lines(records),
              headers={"Content-Type": "application/x-ndjson"})  # fmt: skip
    crowd.add("other stream", client, client.records(1), STORED,
              headers={"Batch-Stream": secrets.token_hex(4)})  # fmt: skip


SCENES: tuple[Scene, ...] = (
    good,
    bad,
    same_ids,
    neighbours_share,
    same_sequence,
    same_key,
    same_key_other_body,
    cancellations,
    revoked_meanwhile,
    registered_meanwhile,
    other_forms,
)


def one_round(clients: Sequence[Client], database: Database, seed: int) -> Counter[str]:
    """One crowd; how often each outcome occurred."""
    rng = random.Random(seed)
    crowd = Crowd(rng, clients, database)
    for scene in SCENES:
        scene(crowd)
    rng.shuffle(crowd.sendings)
    if rng.random() < 0.5:
        crowd.meanwhile.append(partial(_hold_up, database))
    answers = at_once(*[partial(crowd.send, one) for one in crowd.sendings], *crowd.meanwhile)
    for sending, answer in zip(crowd.sendings, answers, strict=False):
        sending.answer = answer
    for sending in crowd.sendings:
        _hold_outcome(sending)
    for rivals in crowd.contests:
        _hold_contest(rivals)
    _hold_stored(database, crowd.sendings)
    for afterwards in crowd.afterwards:
        afterwards()
    return Counter(f"{one.kind}: {one.outcome}" for one in crowd.sendings)


def _hold_up(database: Database) -> None:
    """Let nobody finish a batch for a moment: all who come meanwhile wait together."""
    with database.connect() as conn:
        conn.execute("lock table ledger.batch in exclusive mode")
        time.sleep(HOLD_UP_S)


def _hold_outcome(sending: Sending) -> None:
    answer = sending.answer
    assert answer is not None
    if sending.alone is None:
        assert sending.outcome in sending.allowed, sending
    else:
        assert _told(answer) == _told(sending.alone), f"{sending}; alone {sending.alone.body!r}"
    if sending.outcome == "unknown_game" and sending.alone is None:
        assert answer.errors == [("/0/game", "unknown_game")], sending


def _told(answer: Answer) -> tuple[int, Any]:
    """What a refusal says, but for the number of the request."""
    document = json.loads(answer.body)
    document.pop("request_id", None)
    return answer.status, document


def _hold_contest(rivals: Sequence[Sending]) -> None:
    winners = [one for one in rivals if one.outcome == "201"]
    assert len(winners) == 1, [str(one) for one in rivals]


def _hold_stored(database: Database, sendings: Sequence[Sending]) -> None:
    """What has a receipt is stored whole under it; what has none left its refusal alone."""
    with database.rolled_back() as conn:
        for one in sendings:
            assert one.answer is not None
            if one.answer.status < 300:
                _hold_receipt(conn, one, one.answer)
            elif one.outcome != "in_flight" and one.kind not in KEY_IS_STORED:
                found = value(
                    conn,
                    "select count(*) from ledger.batch where operator_id = %s"
                    " and idempotency_key = %s",
                    (one.client.operator.id, one.key),
                )
                assert found == 0, f"stored all the same: {one}"
        refused = [
            one.answer.headers["x-request-id"]
            for one in sendings
            if one.answer and one.answer.status in (409, 413, 415, 422)
        ]
        recorded = value(
            conn, "select count(*) from ledger.refusal where request_id = any (%s)", (refused,)
        )
        assert recorded == len(refused), f"{len(refused)} refused, {recorded} recorded"


def _hold_receipt(conn: Any, sending: Sending, answer: Answer) -> None:
    [(receipt, count)] = rows(
        conn, "select receipt, row_count from ledger.batch where id = %s", (answer.batch_id,)
    )
    assert bytes(receipt) == stored_part(answer.body), f"another receipt is stored: {sending}"
    ids = sorted(UUID(record["id"]) for record in _records(sending))
    found = rows(
        conn,
        "select id, row_no from ledger.transaction where batch_id = %s and operator_id = %s"
        " order by row_no",
        (answer.batch_id, sending.client.operator.id),
    )
    assert sorted(id_ for id_, _ in found) == ids, f"other records are stored: {sending}"
    assert [number for _, number in found] == list(range(1, count + 1)), sending


def _records(sending: Sending) -> list[Record]:
    return [record for record in sending.records if isinstance(record, dict)]


def rounds(
    clients: Sequence[Client], database: Database, *, seed: int, count: int
) -> dict[str, int]:
    """``count`` crowds, then the proof that all is counted exactly and no sequence has a gap."""
    seen: Counter[str] = Counter()
    for number in range(count):
        try:
            seen += one_round(clients, database, seed + number)
        except BaseException as error:
            error.add_note(f"round {number + 1}: seed {seed + number}")
            raise
        if (number + 1) % 25 == 0:
            say(f"neighbours: {number + 1} of {count} rounds, {sum(seen.values())} requests")
    with database.rolled_back() as conn:
        for check in ("check_rollups", "check_receipts", "check_records"):
            assert rows(conn, f"select * from report.{check}() limit 5") == [], check
    return dict(sorted(seen.items()))


def run(task: Task) -> dict[str, int]:
    """Half of the rounds with one worker, where all batches meet; the others with two."""
    market = register_market(task.database)
    seen: Counter[str] = Counter()
    for workers in (1, 2):
        with ExitStack() as stack:
            inspector = Inspector(task.database)
            stack.callback(inspector.close)
            server = stack.enter_context(serving(task.database, workers=workers))
            count = -(-task.rounds // 2)
            clients = clients_of(market, server.port, inspector, 10**6 * workers)
            seen += Counter(
                rounds(clients, task.database, seed=task.seed + 10**6 * workers, count=count)
            )
    return dict(sorted(seen.items()))


def clients_of(market: Market, port: int, inspector: Inspector, first: int) -> list[Client]:
    """Two systems of one operator and one of another; sequence numbers count from ``first``."""
    alpha = iter(range(first, first + 10**6))
    beta = iter(range(first, first + 10**6))
    return [
        Client(port, market.alpha, inspector, None, alpha),
        Client(port, market.alpha, inspector, market.alpha.keys["second"], alpha),
        Client(port, market.beta, inspector, None, beta),
    ]


CAMPAIGN = Campaign(
    "neighbours",
    "in a crowd of batches that wait together each sender is answered as if it were alone",
    run,
    length=200,
)
