"""The operators' API as a client sees it, and what a request left behind in the database.

Every answer that a ``Client`` receives is held to what any answer must be (see ``Answer.hold``);
``Client.refused`` proves in one call that a request was refused whole, recorded and without effect.
"""

from __future__ import annotations

import gzip
import http.client
import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import psycopg

from portal.ingest.problems import CODES, MAX_ERRORS, MEDIA_TYPE
from portal.ingest.uuid7 import make_id
from tests.support.databases import Connection, Database, rows, value
from tests.support.market import Key, Operator

PREFIX = "/api/v1"
JSON = "application/json"
NDJSON = "application/x-ndjson"
TIMEOUT_S = 90
SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000

Record = dict[str, Any]
Observer = Callable[["Answer"], None]
# Called with every answer of every client; the test of the specification adds itself.
observers: list[Observer] = []

_PROBLEM_FIELDS = {"type", "title", "status", "detail", "code", "request_id"}
_LISTING_FIELDS = {"errors_total", "errors"}
_POINTER = re.compile(r"/\d+(/[a-z_]+){0,2}")


@dataclass(frozen=True)
class Answer:
    """One response; header names in lower case."""

    method: str
    path: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of the problem document; "" when there is none."""
        return "" if self.status < 400 or self.method == "HEAD" else self.document["code"]

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(pointer, code) of each fault listed."""
        return [(error["pointer"], error["code"]) for error in self.document.get("errors", [])]

    @property
    def batch_id(self) -> int:
        return int(self.document["batch_id"])

    def hold(self) -> None:
        """What must be true of any answer of the API."""
        assert self.status != 500, self.body
        assert "traceback" not in self.body.decode().lower()
        assert self.headers.get("x-request-id"), "no request id"
        if self.status >= 400:
            self._hold_problem()
        if self.status == 401:
            assert self.headers["www-authenticate"].startswith("Bearer")
        if self.status == 503:
            assert int(self.headers["retry-after"]) > 0
        if self.status == 405:
            assert self.headers["allow"]

    def _hold_problem(self) -> None:
        assert self.headers["content-type"] == MEDIA_TYPE, self.headers
        if self.method == "HEAD":
            return
        problem = self.document
        known = CODES[problem["code"]]
        assert problem["status"] == self.status == known.status
        assert problem["title"] == known.title
        assert problem["type"].endswith(f":{problem['code']}")
        assert problem["request_id"] == self.headers["x-request-id"]
        assert problem.keys() - _LISTING_FIELDS - {"parameter"} == _PROBLEM_FIELDS
        assert "parameter" not in problem or problem["code"] == "invalid_parameter"
        errors = problem.get("errors", [])
        assert len(errors) <= MAX_ERRORS
        assert problem.get("errors_total", 0) >= len(errors)
        for error in errors:
            assert error.keys() == {"index", "pointer", "code"}
            assert error["code"] in CODES
            assert _POINTER.fullmatch(error["pointer"])
            assert int(error["pointer"].split("/")[1]) == error["index"]


@dataclass(frozen=True)
class Figures:
    """How much there is of an operator; equal figures mean that nothing was stored."""

    transactions: int
    batches: int
    cancellations: int
    counted: int
    head: int


@dataclass(frozen=True)
class Refused:
    """The newest record of a refusal."""

    status: int
    code: str
    error_count: int
    codes: dict[str, int]
    row_count: int | None
    body_bytes: int | None
    idempotency_key: UUID | None
    request_id: str


class Inspector:
    """Looks into the database as superuser, beside the portal; one connection for each thread."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._local = threading.local()

    @property
    def conn(self) -> Connection:
        if getattr(self._local, "conn", None) is None or self._local.conn.broken:
            opened = self.database.connect(autocommit=True)
            self._local.conn = opened.__enter__()
            # Never waits for a standby: tests switch that on for the portal's commits.
            self._local.conn.execute("set synchronous_commit = local")
            self._local.closing = opened
        conn: Connection = self._local.conn
        return conn

    def close(self) -> None:
        """Close this thread's connection; the next question opens another."""
        if getattr(self._local, "conn", None) is not None:
            self._local.conn.close()
            self._local.conn = None

    def value(self, query: str, *parameters: Any) -> Any:
        return value(self.conn, query, parameters)

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return rows(self.conn, query, parameters)

    def execute(self, query: str, *parameters: Any) -> None:
        self.conn.execute(query, parameters or None)

    def figures(self, operator: Operator) -> Figures:
        found = self.rows(
            "select (select count(*) from ledger.transaction where operator_id = o),"
            " (select count(*) from ledger.batch where operator_id = o),"
            " (select count(*) from ledger.cancellation where operator_id = o),"
            " (select coalesce(sum(bet_count + win_count + refund_count + deposit_count"
            "   + withdrawal_count), 0) from rollup.hour where operator_id = o),"
            " (select coalesce(sum(last_sequence), 0) from ledger.operator_head"
            "   where operator_id = o)"
            " from (select %s::integer) as given (o)",
            operator.id,
        )
        return Figures(*found[0])

    def refusals(self, operator: Operator) -> int:
        counted: int = self.value(
            "select count(*) from ledger.refusal where operator_id = %s", operator.id
        )
        return counted

    def last_refusal(self, operator: Operator) -> Refused:
        found = self.rows(
            "select status, code, error_count, codes, row_count, body_bytes, idempotency_key,"
            " request_id from ledger.refusal where operator_id = %s order by id desc limit 1",
            operator.id,
        )
        return Refused(*found[0])

    def await_blocked(
        self, n: int = 1, *, where: str = "wait_event_type = 'Lock'", login: str = "dozir_ingest"
    ) -> list[int]:
        """Wait until ``n`` backends of one of the portal's logins wait; their process ids."""
        deadline = time.monotonic() + 30
        while True:
            found = self.rows(
                "select pid from pg_stat_activity where usename = %s"
                f" and datname = current_database() and {where} order by query_start",
                login,
            )
            if len(found) >= n:
                return [pid for (pid,) in found]
            assert time.monotonic() < deadline, "nobody waits"
            time.sleep(0.02)

    def check_rollups(self) -> list[tuple[Any, ...]]:
        """Differences between rollups and raw rows; none when all is exact."""
        return self.rows("select * from report.check_rollups()")

    def sums(self, operator: Operator) -> dict[str, tuple[int, int]]:
        """Count and minor units of each type in the rollups."""
        types = ("bet", "win", "refund", "deposit", "withdrawal")
        columns = ", ".join(
            f"coalesce(sum({name}_{what}), 0)" for name in types for what in ("count", "minor")
        )
        found = self.rows(f"select {columns} from rollup.hour where operator_id = %s", operator.id)
        return {name: found[0][2 * n : 2 * n + 2] for n, name in enumerate(types)}


@dataclass
class Client:
    """One operator's system. Each request goes over a connection of its own unless told."""

    port: int
    operator: Operator
    inspector: Inspector
    key: Key | None = None
    sequences: Iterable[int] = field(default_factory=lambda: count(1))

    def with_key(self, name: str) -> Client:
        """The same operator with another of its keys."""
        return Client(
            self.port, self.operator, self.inspector, self.operator.keys[name], self.sequences
        )

    def record(self, at: int | None = None, **values: Any) -> Record:
        """A valid record; ``at``: milliseconds since 1970, by default now. None removes a field."""
        moment = now_ms() if at is None else at
        made: Record = {
            "id": str(make_id(moment, secrets.token_bytes(16))),
            "type": "bet",
            "occurred_at": rfc3339(moment),
            "amount": "12.50",
            "currency": "UAH",
            "licence": _first(self.operator.licence, "ONLINE", "BETS"),
            "channel": _first(self.operator.channel, "SITE"),
            "game": _first(self.operator.game, "BOOK", "TENNIS"),
            "round_id": str(uuid4()),
            "player": secrets.token_hex(16),
            "payment": "balance",
        } | values
        return {name: value for name, value in made.items() if value is not None}

    def records(self, n: int, at: int | None = None, **values: Any) -> list[Record]:
        return [self.record(at, **values) for _ in range(n)]

    def cancelling(self, target: Record, reason: str = "operator_error", **values: Any) -> Record:
        """A record that takes ``target`` back."""
        fresh = self.record()
        own = {name: fresh[name] for name in ("id", "occurred_at")}
        cancels = {"cancels": {"id": target["id"], "reason": reason}}
        made = target | own | cancels | values
        return {name: value for name, value in made.items() if value is not None}

    def post(
        self,
        records: Sequence[Any] | None = None,
        *,
        body: bytes | Iterable[bytes] | None = None,
        idempotency_key: UUID | str | None = None,
        sequence: int | str | None = None,
        headers: Mapping[str, str | None] | None = None,
        path: str = "/batches",
    ) -> Answer:
        """Post a batch; ``headers`` overrules what is sent otherwise, None leaves one out.

        A body that is an iterable goes out chunked.
        """
        if body is None:
            body = encoded(self.records(1) if records is None else records)
        sent: dict[str, str | None] = {
            "Authorization": f"Bearer {(self.key or self.operator.key).text}",
            "Idempotency-Key": str(idempotency_key or uuid4()),
            "Batch-Sequence": str(sequence or self.next_sequence()),
            "Content-Type": JSON,
        }
        sent |= headers or {}
        return self.request("POST", path, body, sent)

    def get(self, path: str, headers: Mapping[str, str | None] | None = None) -> Answer:
        sent: dict[str, str | None] = {
            "Authorization": f"Bearer {(self.key or self.operator.key).text}"
        }
        return self.request("GET", path, None, sent | dict(headers or {}))

    def next_sequence(self) -> int:
        return next(iter(self.sequences))

    def request(
        self,
        method: str,
        path: str,
        body: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str | None] | None = None,
        *,
        prefix: str = PREFIX,
    ) -> Answer:
        """Any request; the answer is held to what any answer must be."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
        sent = {name: text for name, text in (headers or {}).items() if text is not None}
        try:
            connection.request(
                method,
                prefix + path,
                body,
                sent,
                encode_chunked=body is not None and not isinstance(body, bytes),
            )
            response = connection.getresponse()
            answer = Answer(
                method,
                path,
                response.status,
                {name.lower(): text for name, text in response.getheaders()},
                response.read(),
            )
        finally:
            connection.close()
        answer.hold()
        for observe in observers:
            observe(answer)
        return answer

    def figures(self) -> Figures:
        return self.inspector.figures(self.operator)

    def accepted(self, records: Sequence[Record] | None = None, **request: Any) -> Answer:
        """Post a batch that must be stored."""
        answer = self.post(records, **request)
        assert answer.status == 201, answer.body
        return answer

    def refused(
        self,
        status: int,
        code: str,
        errors: Sequence[tuple[str, str]] | None = None,
        *,
        recorded: bool = True,
        good: Client | None = None,
        asked: Callable[[], Answer] | None = None,
        **request: Any,
    ) -> Answer:
        """Post a batch that must be refused: nothing stored, the refusal recorded, the way free.

        ``errors`` are the faults listed, as (pointer, code); ``good`` posts the good batch after,
        where this client's own key cannot; ``asked`` makes the request instead of ``post``.
        """
        figures, refusals = self.figures(), self.inspector.refusals(self.operator)
        answer = asked() if asked else self.post(**request)
        assert (answer.status, answer.code) == (status, code), answer.body
        if errors is not None:
            assert answer.errors == list(errors)
        assert self.figures() == figures
        now_refused = self.inspector.refusals(self.operator)
        assert now_refused - refusals == (1 if recorded else 0)
        if recorded:
            self._hold_record(answer)
        (good or self).accepted()
        return answer

    def _hold_record(self, answer: Answer) -> None:
        """The refusal is recorded with the codes that were answered, and nothing else."""
        record = self.inspector.last_refusal(self.operator)
        problem = answer.document
        assert (record.status, record.code) == (answer.status, answer.code)
        assert record.request_id == problem["request_id"]
        assert record.error_count == problem.get("errors_total", 1)
        listed = [code for _, code in answer.errors] or [answer.code]
        assert record.codes == {code: listed.count(code) for code in listed}


def now_ms() -> int:
    """Milliseconds since 1970."""
    return int(datetime.now(UTC).timestamp() * 1000)


def rfc3339(moment_ms: int) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=moment_ms)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def encoded(records: Sequence[Any]) -> bytes:
    """A JSON body."""
    return json.dumps(records, separators=(",", ":")).encode()


def lines(records: Sequence[Any]) -> bytes:
    """An NDJSON body."""
    return b"\n".join(json.dumps(record).encode() for record in records) + b"\n"


def zipped(body: bytes) -> bytes:
    return gzip.compress(body, 1)


def padded(body: bytes, size: int) -> bytes:
    """A JSON array of ``size`` bytes: the same, with spaces before its end."""
    assert body.endswith(b"]")
    assert len(body) <= size
    return body[:-1] + b" " * (size - len(body)) + b"]"


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run jobs in threads that start together; their results in order, or the first error."""
    results: list[Any] = [None] * len(jobs)
    errors: list[BaseException] = []
    start = threading.Barrier(len(jobs))

    def run(place: int, job: Callable[[], Any]) -> None:
        try:
            start.wait(TIMEOUT_S)
            results[place] = job()
        except BaseException as error:  # handed to the caller below
            errors.append(error)

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(TIMEOUT_S)
        assert not thread.is_alive(), "a job hangs"
    if errors:
        raise errors[0]
    return results


@contextmanager
def held_up(database: Database) -> Iterator[None]:
    """Every COPY waits in the middle, its rows written and not yet counted."""
    conn = psycopg.connect(database.url())
    try:
        conn.execute("set idle_in_transaction_session_timeout = 0")
        conn.execute("lock table rollup.hour in exclusive mode")
        yield
    finally:
        conn.close()  # rolls back, if the server is there at all


def in_background(job: Callable[[], Answer]) -> Callable[[], Answer]:
    """Start a job in a thread; call the result to wait for what the job returns."""
    results: list[Answer | BaseException] = []

    def run() -> None:
        try:
            results.append(job())
        except BaseException as error:  # handed to whoever waits
            results.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def wait() -> Answer:
        thread.join(TIMEOUT_S)
        assert results, "the job hangs"
        if isinstance(results[0], BaseException):
            raise results[0]
        return results[0]

    return wait


def _first(codes: Mapping[str, int], *words: str) -> str:
    for word in words:
        for code in codes:
            if word in code:
                return code
    raise AssertionError(f"no code like {words}")
